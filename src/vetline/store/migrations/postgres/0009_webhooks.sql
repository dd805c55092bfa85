-- Where partners want events delivered, and the events on their way: an outbox that fills with what it tells of.
-- A release that does not know it moves cases without a word to anybody.
-- readable by: 1
CREATE TABLE webhooks (
    partner     uuid NOT NULL,
    wants_cases bigint NOT NULL,
    particulars text NOT NULL,
    PRIMARY KEY (partner)
);

CREATE TABLE deliveries (
    partner     uuid NOT NULL,
    delivery    uuid NOT NULL,
    kind        text NOT NULL,
    customer    uuid,
    programme   text,
    version     bigint NOT NULL,
    at          timestamptz NOT NULL,
    state       text NOT NULL,
    attempts    bigint NOT NULL,
    due_at      timestamptz NOT NULL,
    results     text NOT NULL,
    lease_until timestamptz,
    PRIMARY KEY (partner, delivery)
);
CREATE INDEX deliveries_of_partner ON deliveries (partner, at, delivery);
-- The queue: whose turn it is, and what waits longest of all.
CREATE INDEX deliveries_turns ON deliveries (partner, due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_age ON deliveries (state, at);
