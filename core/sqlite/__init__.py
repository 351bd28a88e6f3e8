"""A database engine for Django: its own for SQLite, with the places of a query's values found once."""
