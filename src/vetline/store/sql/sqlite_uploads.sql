-- Uploads: their rows are counted while any may still be settled; the counts of the others stand still, and are kept.

-- name: uploads_recent
SELECT u.partner, u.upload, u.file, u.actor, u.at, u.state, u.size,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'waiting') ELSE u.waiting END,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'failed') ELSE u.failed END
  FROM uploads AS u WHERE u.partner = ?1 AND u.state <> 'partial' ORDER BY u.at DESC, u.upload LIMIT ?2;

-- name: upload
SELECT u.partner, u.upload, u.file, u.actor, u.at, u.state, u.size,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'waiting') ELSE u.waiting END,
       CASE WHEN u.state IN ('open', 'cancelled') THEN (SELECT count(*) FROM upload_rows AS r
              WHERE r.partner = u.partner AND r.upload = u.upload AND r.state = 'failed') ELSE u.failed END
  FROM uploads AS u WHERE u.partner = ?1 AND u.upload = ?2 AND u.state <> 'partial';

-- name: uploads_unfinished
SELECT count(*) FROM uploads WHERE partner = ?1 AND state IN ('open', 'partial');

-- name: upload_rows
-- With the present standing of the cases that they asked for; none of what is partial.
SELECT r.partner, r.upload, r.line, r.cells, r.customer, r.programme, r.claim, r.code, r.state, r.why, r.sentence,
       k.stage, k.reason
  FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
  LEFT JOIN cases AS k ON r.state = 'sent' AND k.partner = r.partner AND k.customer = r.customer
                      AND k.programme = r.programme
 WHERE u.partner = ?1 AND u.upload = ?2 AND u.state <> 'partial' AND r.line > ?3 ORDER BY r.line LIMIT ?4;

-- name: upload_failures
SELECT r.partner, r.upload, r.line, r.cells, r.customer, r.programme, r.claim, r.code, r.state, r.why, r.sentence
  FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
 WHERE u.partner = ?1 AND u.upload = ?2 AND u.state <> 'partial' AND r.state = 'failed' AND r.line > ?3
 ORDER BY r.line LIMIT ?4;

-- name: upload_kinds
SELECT r.state, r.why, k.stage, k.reason, count(*)
  FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
  LEFT JOIN cases AS k ON r.state = 'sent' AND k.partner = r.partner AND k.customer = r.customer
                      AND k.programme = r.programme
 WHERE u.partner = ?1 AND u.upload = ?2 AND u.state <> 'partial'
 GROUP BY r.state, r.why, k.stage, k.reason ORDER BY r.state, r.why, k.stage, k.reason;

-- name: upload_waiting
SELECT r.partner, r.upload, r.line, r.cells, r.customer, r.programme, r.claim, r.code, r.state, r.why, r.sentence
  FROM upload_rows AS r WHERE r.partner = ?1 AND r.upload = ?2 AND r.state = 'waiting' ORDER BY r.line LIMIT ?3;

-- name: release_upload
UPDATE uploads SET lease_until = NULL WHERE partner = ?1 AND upload = ?2;

-- name: uploads_in_turn
-- One of each partner, whoever was served longest ago first.
SELECT rowid FROM (
    SELECT rowid, partner, lease_until, max(served_at) OVER (PARTITION BY partner) AS served_last,
           row_number() OVER (PARTITION BY partner
                              ORDER BY coalesce(lease_until > :now, 0), served_at, at, upload) AS place
      FROM uploads INDEXED BY uploads_open WHERE state = 'open')
 WHERE place = 1 AND (lease_until IS NULL OR lease_until <= :now) ORDER BY served_last, partner LIMIT :limit;

-- name: claim_uploads
UPDATE uploads SET lease_until = ?1, served_at = ?2 WHERE rowid IN (SELECT value FROM json_each(?3))
RETURNING partner, upload, file, actor, at, state, size, waiting, failed;

-- name: add_upload
INSERT INTO uploads (partner, upload, file, actor, at, state, size, waiting, failed, served_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, ?5);

-- name: add_upload_row
INSERT INTO upload_rows (partner, upload, line, cells, customer, programme, claim, code, state, why, sentence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: settle_upload_row
-- Conflicts, by changing no row, when it does not wait.
UPDATE upload_rows SET state = ?4, why = ?5 WHERE partner = ?1 AND upload = ?2 AND line = ?3 AND state = 'waiting';

-- name: move_upload
-- Conflicts, by changing no row, when it is not where it was. What is counted here stands once it is done.
UPDATE uploads
   SET state = ?4, lease_until = NULL,
       size = (SELECT count(*) FROM upload_rows WHERE partner = ?1 AND upload = ?2),
       waiting = (SELECT count(*) FROM upload_rows WHERE partner = ?1 AND upload = ?2 AND state = 'waiting'),
       failed = (SELECT count(*) FROM upload_rows WHERE partner = ?1 AND upload = ?2 AND state = 'failed')
 WHERE partner = ?1 AND upload = ?2 AND state = ?3;

-- name: hide_old_uploads
UPDATE uploads SET state = 'partial' WHERE at < ?1 AND state NOT IN ('open', 'partial');

-- name: forget_upload_rows
DELETE FROM upload_rows WHERE rowid IN (
    SELECT r.rowid FROM uploads AS u JOIN upload_rows AS r ON r.partner = u.partner AND r.upload = u.upload
     WHERE u.state = 'partial' AND u.at < ?1 LIMIT ?2);

-- name: forget_uploads
DELETE FROM uploads
 WHERE state = 'partial' AND at < ?1
   AND NOT EXISTS (SELECT 1 FROM upload_rows AS r WHERE r.partner = uploads.partner AND r.upload = uploads.upload);
