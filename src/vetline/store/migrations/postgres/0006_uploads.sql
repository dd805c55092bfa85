-- Files of many rows, kept whole and worked off without a request.
-- readable by: 1
CREATE TABLE uploads (
    partner     uuid NOT NULL,
    upload      uuid NOT NULL,
    file        text NOT NULL,
    actor       text NOT NULL,
    at          timestamptz NOT NULL,
    state       text NOT NULL,
    size        bigint NOT NULL,
    waiting     bigint NOT NULL,
    failed      bigint NOT NULL,
    served_at   timestamptz NOT NULL,
    lease_until timestamptz,
    PRIMARY KEY (partner, upload)
);
CREATE INDEX uploads_of_partner ON uploads (partner, at, upload);
-- The queue: who takes turns.
CREATE INDEX uploads_open ON uploads (partner, upload) WHERE state = 'open';
CREATE INDEX uploads_by_age ON uploads (at);

-- A row that was sent points to its customer's case, which says how it stands.
CREATE TABLE upload_rows (
    partner   uuid NOT NULL,
    upload    uuid NOT NULL,
    line      bigint NOT NULL,
    cells     text NOT NULL,
    customer  uuid,
    programme text,
    claim     text,
    code      text,
    state     text NOT NULL,
    why       text,
    sentence  text NOT NULL,
    PRIMARY KEY (partner, upload, line)
);
CREATE INDEX upload_rows_waiting ON upload_rows (partner, upload, line) WHERE state = 'waiting';
CREATE INDEX upload_rows_failed ON upload_rows (partner, upload, line) WHERE state = 'failed';
