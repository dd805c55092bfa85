-- The first schema. Every key starts with the partner's tenant, so that the tables distribute by partner. Moments are
-- timestamptz, JSON is text: nothing searches in it, and jsonb refuses what text keeps. Names are ordered by code point.

CREATE TABLE customers (
    partner     uuid NOT NULL,
    customer    uuid NOT NULL,
    domain      text COLLATE "C" NOT NULL,
    name_key    text COLLATE "C" NOT NULL,
    particulars text NOT NULL,
    created_at  timestamptz NOT NULL,
    version     bigint NOT NULL,
    PRIMARY KEY (partner, customer)
);
CREATE INDEX customers_by_name ON customers (partner, name_key, customer);
CREATE INDEX customers_by_domain ON customers (partner, domain);
-- Tells "another partner's" from "nobody's"; the only look-up that is not under a partner.
CREATE INDEX customers_anywhere ON customers (customer);

-- The case row is the queue: stage, due_at, lease_until and version stand on it.
CREATE TABLE cases (
    partner      uuid NOT NULL,
    customer     uuid NOT NULL,
    programme    text NOT NULL,
    stage        text NOT NULL,
    attempt      integer NOT NULL,
    claim        text NOT NULL,
    reason       text,
    submitted_at timestamptz NOT NULL,
    decided_at   timestamptz,
    due_at       timestamptz,
    lease_until  timestamptz,
    finding      text,
    version      bigint NOT NULL,
    PRIMARY KEY (partner, customer, programme),
    FOREIGN KEY (partner, customer) REFERENCES customers (partner, customer) ON DELETE CASCADE
);
-- Education and GCC exclude each other, also when two requests arrive at the same moment.
CREATE UNIQUE INDEX cases_exclusive ON cases (partner, customer)
    WHERE programme IN ('education', 'government') AND stage <> 'denied';
CREATE INDEX cases_screening ON cases (due_at) WHERE stage = 'screening';
CREATE INDEX cases_reviewing ON cases (submitted_at, customer) WHERE stage = 'reviewing';

-- What happened to the cases: appended in the same transaction, never changed.
CREATE TABLE events (
    partner   uuid NOT NULL,
    customer  uuid NOT NULL,
    programme text NOT NULL,
    version   bigint NOT NULL,
    at        timestamptz NOT NULL,
    detail    text NOT NULL,
    PRIMARY KEY (partner, customer, programme, version)
);

CREATE TABLE codes (
    partner      uuid NOT NULL,
    code         text COLLATE "C" NOT NULL,
    organization text NOT NULL,
    max_creates  bigint NOT NULL,
    remaining    bigint NOT NULL CHECK (remaining >= 0),
    changed_at   timestamptz NOT NULL,
    PRIMARY KEY (partner, code)
);

-- Which customer was qualified by which code, in the order in which it happened.
CREATE TABLE redemptions (
    partner  uuid NOT NULL,
    customer uuid NOT NULL,
    code     text COLLATE "C" NOT NULL,
    place    bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX redemptions_key ON redemptions (partner, customer);

-- The answers by which a retry is recognised.
CREATE TABLE answers (
    partner     uuid NOT NULL,
    key         bytea NOT NULL,
    fingerprint bytea NOT NULL,
    status      integer NOT NULL,
    body        bytea NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (partner, key)
);
CREATE INDEX answers_by_age ON answers (at);
