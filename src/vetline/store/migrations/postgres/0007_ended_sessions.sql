-- Sessions of people at the pages that were ended before their time; `partner` is the tenant of whoever signed in.
-- readable by: 1
CREATE TABLE ended_sessions (
    partner uuid NOT NULL,
    session text COLLATE "C" NOT NULL,
    until   timestamptz NOT NULL,
    PRIMARY KEY (partner, session)
);
CREATE INDEX ended_sessions_by_age ON ended_sessions (until);
