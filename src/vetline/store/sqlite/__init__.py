"""The embedded store: one SQLite file in WAL mode, one writer that commits together what waits together."""
