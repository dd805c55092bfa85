"""Moves an installation from SQLite to PostgreSQL: every row, compared on both sides, whatever interrupts it."""
