"""Where a course's links lead, and where its pictures, documents and blocks are used.

`finding` reads the links out of pages, `judging` says what is wrong with them. Addresses of other hosts are asked by a
worker (`checking`, with `fetching` for the asking itself) and remembered in rows. `use` turns the question round.
"""
