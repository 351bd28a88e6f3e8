"""A database engine for Django: its own for PostgreSQL, with a cheaper look at whether a connection still stands."""
