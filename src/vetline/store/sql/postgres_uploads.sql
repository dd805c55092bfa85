-- Uploads: their rows are counted while any may still be settled; the counts of the others stand still, and are kept.

-- name: uploads_recent
SELECT u.partner, u.upload, u.file, u.actor, u.at, u.state, u.size,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'waiting') ELSE u.waiting END,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'failed') ELSE u.failed END
  FROM uploads AS u WHERE u.partner = $1 AND u.state <> 'partial' ORDER BY u.at DESC, u.upload LIMIT $2;

-- name: upload
SELECT u.partner, u.upload, u.file, u.actor, u.at, u.state, u.size,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'waiting') ELSE u.waiting END,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'failed') ELSE u.failed END
  FROM uploads AS u WHERE u.partner = $1 AND u.upload = $2 AND u.state <> 'partial';

-- name: uploads_unfinished
SELECT count(*) FROM uploads WHERE partner = $1 AND state IN ('open', 'partial');

-- name: upload_rows
-- With the present standing of the cases that they asked for; none of what is partial.
SELECT r.partner, r.upload, r.line, r.cells, r.customer, r.programme, r.claim, r.code, r.state, r.why, r.sentence,
       k.stage, k.reason
  FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
  LEFT JOIN cases AS k ON r.state = 'sent' AND k.partner = r.partner AND k.customer = r.customer
                      AND k.programme = r.programme
 WHERE u.partner = $1 AND u.upload = $2 AND u.state <> 'partial' AND r.line > $3 ORDER BY r.line LIMIT $4;

-- name: upload_failures
SELECT r.partner, r.upload, r.line, r.cells, r.customer, r.programme, r.claim, r.code, r.state, r.why, r.sentence
  FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
 WHERE u.partner = $1 AND u.upload = $2 AND u.state <> 'partial' AND r.state = 'failed' AND r.line > $3
 ORDER BY r.line LIMIT $4;

-- name: upload_kinds
SELECT r.state, r.why, k.stage, k.reason, count(*)
  FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
  LEFT JOIN cases AS k ON r.state = 'sent' AND k.partner = r.partner AND k.customer = r.customer
                      AND k.programme = r.programme
 WHERE u.partner = $1 AND u.upload = $2 AND u.state <> 'partial'
 GROUP BY r.state, r.why, k.stage, k.reason ORDER BY r.state, r.why, k.stage, k.reason;

-- name: upload_waiting
SELECT r.partner, r.upload, r.line, r.cells, r.customer, r.programme, r.claim, r.code, r.state, r.why, r.sentence
  FROM upload_rows AS r WHERE r.partner = $1 AND r.upload = $2 AND r.state = 'waiting' ORDER BY r.line LIMIT $3;

-- name: release_upload
UPDATE uploads SET lease_until = NULL WHERE partner = $1 AND upload = $2;

-- name: claim_uploads
-- One of each partner, whoever was served longest ago first. Two workers that meet here: the second one finds the lease
-- of the first, and gets less.
WITH queue AS (
    SELECT partner, upload, lease_until, max(served_at) OVER (PARTITION BY partner) AS served_last,
           row_number() OVER (PARTITION BY partner
                              ORDER BY coalesce(lease_until > $1, false), served_at, at, upload) AS place
      FROM uploads WHERE state = 'open'),
turn AS MATERIALIZED (
    SELECT partner, upload FROM queue WHERE place = 1 AND (lease_until IS NULL OR lease_until <= $1)
     ORDER BY served_last, partner LIMIT $3)
UPDATE uploads AS u SET lease_until = $2, served_at = $1 FROM turn
 WHERE u.partner = turn.partner AND u.upload = turn.upload AND u.state = 'open'
   AND (u.lease_until IS NULL OR u.lease_until <= $1)
RETURNING u.partner, u.upload, u.file, u.actor, u.at, u.state, u.size, u.waiting, u.failed;

-- name: add_upload
INSERT INTO uploads (upload, partner, file, actor, at, state, size, waiting, failed, served_at)
SELECT n.upload, n.partner, n.file, n.actor, n.at, n.state, 0, 0, 0, n.at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
       AS n (upload, partner, file, actor, at, state);

-- name: add_upload_row
INSERT INTO upload_rows (upload, line, partner, cells, customer, programme, claim, code, state, why, sentence)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::text[]);

-- name: settle_upload_row
-- Conflicts, by changing no row, when it does not wait.
UPDATE upload_rows AS r SET state = n.state, why = n.why
  FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[]) AS n (upload, line, partner, state, why)
 WHERE r.partner = n.partner AND r.upload = n.upload AND r.line = n.line AND r.state = 'waiting';

-- name: move_upload
-- Conflicts, by changing no row, when it is not where it was. What is counted here stands once it is done.
UPDATE uploads AS u
   SET state = n.after, lease_until = NULL,
       size = (SELECT count(*) FROM upload_rows AS r WHERE r.partner = n.partner AND r.upload = n.upload),
       waiting = (SELECT count(*) FROM upload_rows AS r
                   WHERE r.partner = n.partner AND r.upload = n.upload AND r.state = 'waiting'),
       failed = (SELECT count(*) FROM upload_rows AS r
                  WHERE r.partner = n.partner AND r.upload = n.upload AND r.state = 'failed')
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS n (upload, partner, before, after)
 WHERE u.partner = n.partner AND u.upload = n.upload AND u.state = n.before;

-- name: hide_old_uploads
UPDATE uploads SET state = 'partial' WHERE at < $1 AND state NOT IN ('open', 'partial');

-- name: forget_upload_rows
WITH old AS MATERIALIZED (
    SELECT r.partner, r.upload, r.line FROM uploads AS u
      JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
     WHERE u.state = 'partial' AND u.at < $1 LIMIT $2)
DELETE FROM upload_rows AS r USING old WHERE r.partner = old.partner AND r.upload = old.upload AND r.line = old.line;

-- name: forget_uploads
DELETE FROM uploads AS u
 WHERE u.state = 'partial' AND u.at < $1
   AND NOT EXISTS (SELECT 1 FROM upload_rows AS r WHERE r.partner = u.partner AND r.upload = u.upload);
