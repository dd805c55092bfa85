-- The first schema. Every key starts with the partner's tenant. GUIDs are 16-byte blobs, moments are microseconds
-- since 1970 in UTC. Rowid tables with unique indexes: page writes for random keys are what bounds the writer.

CREATE TABLE customers (
    partner    BLOB NOT NULL,
    customer   BLOB NOT NULL,
    domain     TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    particulars TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX customers_key ON customers (partner, customer);
CREATE INDEX customers_by_name ON customers (partner, name_key, customer);
CREATE INDEX customers_by_domain ON customers (partner, domain);
-- Tells "another partner's" from "nobody's"; the only look-up that is not under a partner.
CREATE INDEX customers_anywhere ON customers (customer);

-- The case row is the queue: stage, due_at, lease_until and version stand on it.
CREATE TABLE cases (
    partner      BLOB NOT NULL,
    customer     BLOB NOT NULL,
    programme    TEXT NOT NULL,
    stage        TEXT NOT NULL,
    attempt      INTEGER NOT NULL,
    claim        TEXT NOT NULL,
    reason       TEXT,
    submitted_at INTEGER NOT NULL,
    decided_at   INTEGER,
    due_at       INTEGER,
    lease_until  INTEGER,
    finding      TEXT,
    version      INTEGER NOT NULL,
    FOREIGN KEY (partner, customer) REFERENCES customers (partner, customer) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX cases_key ON cases (partner, customer, programme);
-- Education and GCC exclude each other, also when two requests arrive at the same moment.
CREATE UNIQUE INDEX cases_exclusive ON cases (partner, customer)
    WHERE programme IN ('education', 'government') AND stage <> 'denied';
CREATE INDEX cases_screening ON cases (due_at) WHERE stage = 'screening';
CREATE INDEX cases_reviewing ON cases (submitted_at, customer) WHERE stage = 'reviewing';

-- What happened to the cases: appended in the same transaction, never changed.
CREATE TABLE events (
    partner   BLOB NOT NULL,
    customer  BLOB NOT NULL,
    programme TEXT NOT NULL,
    version   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    detail    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_key ON events (partner, customer, programme, version);

CREATE TABLE codes (
    partner      BLOB NOT NULL,
    code         TEXT NOT NULL,
    organization TEXT NOT NULL,
    max_creates  INTEGER NOT NULL,
    remaining    INTEGER NOT NULL CHECK (remaining >= 0),
    changed_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX codes_key ON codes (partner, code);

-- Which customer was qualified by which code.
CREATE TABLE redemptions (
    partner  BLOB NOT NULL,
    customer BLOB NOT NULL,
    code     TEXT NOT NULL
) STRICT;
CREATE INDEX redemptions_key ON redemptions (partner, customer);

-- The answers by which a retry is recognised.
CREATE TABLE answers (
    partner     BLOB NOT NULL,
    key         BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    status      INTEGER NOT NULL,
    body        BLOB NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX answers_key ON answers (partner, key);
CREATE INDEX answers_by_age ON answers (at);
