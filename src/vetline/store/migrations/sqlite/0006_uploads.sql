-- Files of many rows, kept whole and worked off without a request.
-- readable by: 1
CREATE TABLE uploads (
    partner     BLOB NOT NULL,
    upload      BLOB NOT NULL,
    file        TEXT NOT NULL,
    actor       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    state       TEXT NOT NULL,
    size        INTEGER NOT NULL,
    waiting     INTEGER NOT NULL,
    failed      INTEGER NOT NULL,
    served_at   INTEGER NOT NULL,
    lease_until INTEGER
) STRICT;
CREATE UNIQUE INDEX uploads_key ON uploads (partner, upload);
CREATE INDEX uploads_of_partner ON uploads (partner, at, upload);
-- The queue: who takes turns.
CREATE INDEX uploads_open ON uploads (partner, upload) WHERE state = 'open';
CREATE INDEX uploads_by_age ON uploads (at);

-- A row that was sent points to its customer's case, which says how it stands.
CREATE TABLE upload_rows (
    partner   BLOB NOT NULL,
    upload    BLOB NOT NULL,
    line      INTEGER NOT NULL,
    cells     TEXT NOT NULL,
    customer  BLOB,
    programme TEXT,
    claim     TEXT,
    code      TEXT,
    state     TEXT NOT NULL,
    why       TEXT,
    sentence  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX upload_rows_key ON upload_rows (partner, upload, line);
CREATE INDEX upload_rows_waiting ON upload_rows (partner, upload, line) WHERE state = 'waiting';
CREATE INDEX upload_rows_failed ON upload_rows (partner, upload, line) WHERE state = 'failed';
