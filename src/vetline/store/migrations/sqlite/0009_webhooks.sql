-- Where partners want events delivered, and the events on their way: an outbox that fills with what it tells of.
-- A release that does not know it moves cases without a word to anybody.
-- readable by: 1
CREATE TABLE webhooks (
    partner     BLOB NOT NULL,
    wants_cases INTEGER NOT NULL,
    particulars TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhooks_key ON webhooks (partner);

CREATE TABLE deliveries (
    partner     BLOB NOT NULL,
    delivery    BLOB NOT NULL,
    kind        TEXT NOT NULL,
    customer    BLOB,
    programme   TEXT,
    version     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    state       TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    results     TEXT NOT NULL,
    lease_until INTEGER
) STRICT;
CREATE UNIQUE INDEX deliveries_key ON deliveries (partner, delivery);
CREATE INDEX deliveries_of_partner ON deliveries (partner, at, delivery);
-- The queue: whose turn it is, and what waits longest of all.
CREATE INDEX deliveries_turns ON deliveries (partner, due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_age ON deliveries (state, at);
