"""Pages for people over a full database: how long each takes, alone and in company."""
