"""Files that authors bring in, archives and lessons alike: one way for small and large (docs/decisions/0023).

`services` is what happens to an arrival, `turn` sees that one is worked on at a time and tells how far it is,
`lessons` says what a file of lessons holds. The pages are in `views`.
"""
