"""The store for more than one machine: one PostgreSQL, any number of processes on it."""
