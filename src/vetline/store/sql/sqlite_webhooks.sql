-- Webhooks: a partner's one registration, and the events on their way to it.

-- name: webhook
SELECT particulars FROM webhooks WHERE partner = ?1;

-- name: add_webhook
INSERT INTO webhooks (partner, wants_cases, particulars) VALUES (?1, ?2, ?3);

-- name: change_webhook
UPDATE webhooks SET wants_cases = ?2, particulars = ?3 WHERE partner = ?1;

-- name: add_delivery
INSERT INTO deliveries (partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: tell_case
-- Adds nothing where the partner does not want to hear of cases.
INSERT INTO deliveries (partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM webhooks WHERE partner = ?1 AND wants_cases = 1;

-- name: delivery
SELECT partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results
  FROM deliveries WHERE partner = ?1 AND delivery = ?2;

-- name: deliveries
-- The newest first; a null asks for every state, or for every customer.
SELECT partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results
  FROM deliveries INDEXED BY deliveries_of_partner
 WHERE partner = ?1 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR customer = ?3)
 ORDER BY at DESC, delivery DESC LIMIT ?4;

-- name: deliveries_since
SELECT count(*) FROM deliveries INDEXED BY deliveries_of_partner WHERE partner = ?1 AND kind = ?2 AND at > ?3;

-- name: deliveries_waiting
SELECT count(*) FROM deliveries WHERE state = 'waiting';

-- name: delivery_partners_in_turn
-- The partners with something to deliver, each once: those after one of them, then from the first one on.
WITH RECURSIVE ring (partner) AS (
    SELECT coalesce((SELECT min(partner) FROM deliveries INDEXED BY deliveries_turns
                      WHERE state = 'waiting' AND partner > :after),
                    (SELECT min(partner) FROM deliveries INDEXED BY deliveries_turns WHERE state = 'waiting'))
     UNION
    SELECT coalesce((SELECT min(partner) FROM deliveries INDEXED BY deliveries_turns
                      WHERE state = 'waiting' AND partner > ring.partner),
                    (SELECT min(partner) FROM deliveries INDEXED BY deliveries_turns WHERE state = 'waiting'))
      FROM ring
     LIMIT :limit)
SELECT partner FROM ring WHERE partner IS NOT NULL;

-- name: delivery_due_of_partner
SELECT rowid FROM deliveries INDEXED BY deliveries_turns
 WHERE state = 'waiting' AND partner = :partner AND due_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
 ORDER BY due_at LIMIT :limit;

-- name: delivery_due
SELECT rowid FROM deliveries INDEXED BY deliveries_due
 WHERE state = 'waiting' AND due_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
 ORDER BY due_at LIMIT :limit;

-- name: delivery_claim
UPDATE deliveries SET lease_until = ?1 WHERE rowid IN (SELECT value FROM json_each(?2))
RETURNING partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results;

-- name: settle_delivery
-- Changes nothing when it was settled or resent meanwhile. Settling ends the lease.
UPDATE deliveries SET state = ?4, attempts = ?5, due_at = ?6, results = ?7, lease_until = NULL
 WHERE partner = ?1 AND delivery = ?2 AND attempts = ?3 AND state = 'waiting';

-- name: resend_delivery
UPDATE deliveries SET state = 'waiting', attempts = 0, due_at = ?3, lease_until = NULL
 WHERE partner = ?1 AND delivery = ?2;

-- name: forget_deliveries
DELETE FROM deliveries WHERE rowid IN (SELECT rowid FROM deliveries WHERE state = ?1 AND at < ?2 ORDER BY at LIMIT ?3);
