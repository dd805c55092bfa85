-- Webhooks: a partner's one registration, and the events on their way to it.

-- name: webhook
SELECT particulars FROM webhooks WHERE partner = $1;

-- name: add_webhook
INSERT INTO webhooks (partner, wants_cases, particulars)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[]);

-- name: change_webhook
UPDATE webhooks AS w SET wants_cases = n.wants_cases, particulars = n.particulars
  FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS n (partner, wants_cases, particulars)
 WHERE w.partner = n.partner;

-- name: add_delivery
INSERT INTO deliveries (partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bigint[], $7::timestamptz[],
                     $8::text[], $9::bigint[], $10::timestamptz[], $11::text[]);

-- name: tell_case
-- Adds nothing where the partner does not want to hear of cases.
INSERT INTO deliveries (partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results)
SELECT n.partner, n.delivery, n.kind, n.customer, n.programme, n.version, n.at, n.state, n.attempts, n.due_at, n.results
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[],
              $9::bigint[], $10::timestamptz[], $11::text[])
       AS n (partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results)
  JOIN webhooks AS w ON w.partner = n.partner AND w.wants_cases = 1;

-- name: delivery
SELECT partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results
  FROM deliveries WHERE partner = $1 AND delivery = $2;

-- name: deliveries
-- The newest first; a null asks for every state, or for every customer.
SELECT partner, delivery, kind, customer, programme, version, at, state, attempts, due_at, results FROM deliveries
 WHERE partner = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR customer = $3)
 ORDER BY at DESC, delivery DESC LIMIT $4;

-- name: deliveries_since
SELECT count(*) FROM deliveries WHERE partner = $1 AND kind = $2 AND at > $3;

-- name: deliveries_waiting
SELECT count(*) FROM deliveries WHERE state = 'waiting';

-- name: delivery_partners_in_turn
-- The partners with something to deliver, each once: those after one of them, then from the first one on.
WITH RECURSIVE ring (partner) AS (
    SELECT coalesce((SELECT partner FROM deliveries WHERE state = 'waiting' AND partner > $1 ORDER BY partner LIMIT 1),
                    (SELECT partner FROM deliveries WHERE state = 'waiting' ORDER BY partner LIMIT 1))
     UNION
    SELECT coalesce((SELECT partner FROM deliveries
                      WHERE state = 'waiting' AND partner > ring.partner ORDER BY partner LIMIT 1),
                    (SELECT partner FROM deliveries WHERE state = 'waiting' ORDER BY partner LIMIT 1))
      FROM ring)
SELECT partner FROM ring WHERE partner IS NOT NULL LIMIT $2;

-- name: delivery_claim_of_partners
WITH due AS MATERIALIZED (
    SELECT d.partner, d.delivery FROM unnest($4::uuid[]) AS p (partner), LATERAL (
        SELECT partner, delivery FROM deliveries
         WHERE state = 'waiting' AND partner = p.partner AND due_at <= $1
           AND (lease_until IS NULL OR lease_until <= $1)
         ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS d)
UPDATE deliveries AS d SET lease_until = $2 FROM due WHERE d.partner = due.partner AND d.delivery = due.delivery
RETURNING d.partner, d.delivery, d.kind, d.customer, d.programme, d.version, d.at, d.state, d.attempts, d.due_at, d.results;

-- name: delivery_claim_oldest
WITH due AS MATERIALIZED (
    SELECT partner, delivery FROM deliveries
     WHERE state = 'waiting' AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
     ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE deliveries AS d SET lease_until = $2 FROM due WHERE d.partner = due.partner AND d.delivery = due.delivery
RETURNING d.partner, d.delivery, d.kind, d.customer, d.programme, d.version, d.at, d.state, d.attempts, d.due_at, d.results;

-- name: settle_delivery
-- Changes nothing when it was settled or resent meanwhile. Settling ends the lease.
UPDATE deliveries SET state = $4, attempts = $5, due_at = $6, results = $7, lease_until = NULL
 WHERE partner = $1 AND delivery = $2 AND attempts = $3 AND state = 'waiting';

-- name: resend_delivery
UPDATE deliveries SET state = 'waiting', attempts = 0, due_at = $3, lease_until = NULL
 WHERE partner = $1 AND delivery = $2;

-- name: forget_deliveries
WITH old AS MATERIALIZED (
    SELECT partner, delivery FROM deliveries WHERE state = $1 AND at < $2 ORDER BY at LIMIT $3 FOR UPDATE SKIP LOCKED)
DELETE FROM deliveries AS d USING old WHERE d.partner = old.partner AND d.delivery = old.delivery;
