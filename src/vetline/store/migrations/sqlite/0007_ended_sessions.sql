-- Sessions of people at the pages that were ended before their time; `partner` is the tenant of whoever signed in.
-- readable by: 1
CREATE TABLE ended_sessions (
    partner BLOB NOT NULL,
    session TEXT NOT NULL,
    until   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ended_sessions_key ON ended_sessions (partner, session);
CREATE INDEX ended_sessions_by_age ON ended_sessions (until);
