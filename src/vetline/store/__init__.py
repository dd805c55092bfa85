"""The only room with SQL: a port, the stores behind it, their statements and their migrations."""
