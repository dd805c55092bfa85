-- Statements that begin with unnest take a column of values for each parameter: what waits together is asked or saved
-- together. `place` tells which of them a row answers.

-- name: standing
-- Customers' cases; one row of nulls when one has none, no row when the partner has no such customer.
SELECT k.place, s.programme, s.stage, s.reason, s.submitted_at
  FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k (partner, customer, place)
  JOIN customers AS c ON c.partner = k.partner AND c.customer = k.customer
  LEFT JOIN cases AS s ON s.partner = k.partner AND s.customer = k.customer;

-- name: dossier
-- Customers' cases, whole, each with the code that was named; nulls as in `standing`.
SELECT k.place, s.partner, s.customer, s.programme, s.stage, s.attempt, s.claim, s.reason, s.submitted_at,
       s.decided_at, s.due_at, s.finding, s.version,
       s.proposal, v.partner, v.code, v.organization, v.max_creates, v.remaining, v.changed_at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS k (partner, customer, code, place)
  JOIN customers AS c ON c.partner = k.partner AND c.customer = k.customer
  LEFT JOIN cases AS s ON s.partner = k.partner AND s.customer = k.customer
  LEFT JOIN codes AS v ON v.partner = k.partner AND v.code = k.code
 ORDER BY k.place, s.programme;

-- name: answer
SELECT k.place, a.partner, a.key, a.fingerprint, a.status, a.body, a.at
  FROM unnest($1::uuid[], $2::bytea[]) WITH ORDINALITY AS k (partner, key, place)
  JOIN answers AS a ON a.partner = k.partner AND a.key = k.key;

-- name: customer
SELECT k.place, c.partner, c.customer, c.domain, c.particulars, c.created_at, c.version
  FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k (partner, customer, place)
  JOIN customers AS c ON c.partner = k.partner AND c.customer = k.customer;

-- name: somebodys_customer
-- Whether any partner has this customer.
SELECT 1 FROM customers WHERE customer = $1 LIMIT 1;

-- name: customers
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = $1 AND (name_key, customer) > ($2, $3)
 ORDER BY name_key, customer LIMIT $4;

-- name: customers_by_name
-- The place is where the beginnings wanted begin, or after it: a second lower bound would not be looked up.
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = $1 AND (name_key, customer) > ($2, $3) AND name_key < $5
 ORDER BY name_key, customer LIMIT $4;

-- name: customers_by_domain
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = $1 AND (domain, customer) > ($2, $3) AND domain < $5
 ORDER BY domain, customer LIMIT $4;

-- name: customers_before
-- The last ones before a place, backwards; so are the two that follow.
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = $1 AND (name_key, customer) < ($2, $3)
 ORDER BY name_key DESC, customer DESC LIMIT $4;

-- name: customers_by_name_before
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = $1 AND (name_key, customer) < ($2, $3) AND name_key >= $5
 ORDER BY name_key DESC, customer DESC LIMIT $4;

-- name: customers_by_domain_before
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = $1 AND (domain, customer) < ($2, $3) AND domain >= $5
 ORDER BY domain DESC, customer DESC LIMIT $4;

-- name: search_settings
-- Only such a scan reads the index of words, and it keeps the place of each row that matches in memory.
SET LOCAL enable_bitmapscan = on; SET LOCAL work_mem = '32MB';

-- name: customers_by_words
-- Those with these words whose name does not begin as a whole: they were found already. Plenty is as many as are looked
-- at.
WITH matching AS MATERIALIZED (
    SELECT partner, customer, domain, name_key, particulars, created_at, version FROM customers
     WHERE customer_words(partner, name_key, domain) @@ $2::tsquery LIMIT $3)
SELECT partner, customer, domain, particulars, created_at, version, (SELECT count(*) FROM matching) >= $3 AS plenty
  FROM matching WHERE partner = $1 AND NOT (name_key >= $5 AND name_key < $6)
 ORDER BY name_key, customer LIMIT $4;

-- name: add_customer
INSERT INTO customers (partner, customer, domain, name_key, particulars, created_at, version)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bigint[]);

-- name: change_customer
-- Conflicts, by changing no row, when the version is not the one that was read.
UPDATE customers AS c SET domain = n.domain, name_key = n.name_key, particulars = n.particulars, version = n.version
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bigint[])
       AS n (partner, customer, domain, name_key, particulars, created_at, version)
 WHERE c.partner = n.partner AND c.customer = n.customer AND c.version = n.version - 1;

-- name: remove_customer
DELETE FROM customers AS c USING unnest($1::uuid[], $2::uuid[]) AS n (partner, customer)
 WHERE c.partner = n.partner AND c.customer = n.customer;

-- name: remove_events
DELETE FROM events AS e USING unnest($1::uuid[], $2::uuid[]) AS n (partner, customer)
 WHERE e.partner = n.partner AND e.customer = n.customer;

-- name: remove_redemptions
DELETE FROM redemptions AS r USING unnest($1::uuid[], $2::uuid[]) AS n (partner, customer)
 WHERE r.partner = n.partner AND r.customer = n.customer;

-- name: add_case
INSERT INTO cases (partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at,
                   finding, version)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[],
                     $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::bigint[]);

-- name: move_case
-- Conflicts, by changing no row, when the version is not the one that was decided on. Moving ends the lease.
-- Who has taken the case keeps it while it waits for them: not when it is decided, nor when a second person must agree.
UPDATE cases AS c
   SET stage = n.stage, attempt = n.attempt, claim = n.claim, reason = n.reason, submitted_at = n.submitted_at,
       decided_at = n.decided_at, due_at = n.due_at, finding = n.finding, version = n.version, lease_until = NULL,
       proposal = n.proposal, proposer = n.proposer, rule = n.rule, country = n.country, domain = n.domain,
       assignee = CASE WHEN n.stage = 'reviewing' AND (n.proposer IS NULL OR n.due_at IS NOT NULL) THEN c.assignee END
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[],
              $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::bigint[], $13::text[],
              $14::text[], $15::text[], $16::text[], $17::text[])
       AS n (partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding,
             version, proposal, proposer, rule, country, domain)
 WHERE c.partner = n.partner AND c.customer = n.customer AND c.programme = n.programme AND c.version = n.version - 1;

-- name: assign_case
-- Conflicts, by changing no row, when somebody else has it or it waits for nobody.
UPDATE cases AS c SET assignee = n.assignee, assignee_name = n.assignee_name, assigned_at = n.assigned_at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       AS n (partner, customer, programme, before, assignee, assignee_name, assigned_at)
 WHERE c.partner = n.partner AND c.customer = n.customer AND c.programme = n.programme AND c.stage = 'reviewing'
   AND coalesce(c.assignee, '') = n.before;

-- name: add_event
INSERT INTO events (partner, customer, programme, version, at, detail)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[]);

-- name: case
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal
  FROM cases WHERE partner = $1 AND customer = $2 AND programme = $3;

-- name: history
SELECT detail FROM events WHERE partner = $1 AND customer = $2 AND programme = $3 ORDER BY version;

-- name: event
SELECT detail FROM events WHERE partner = $1 AND customer = $2 AND programme = $3 AND version = $4;

-- name: partners_in_turn
-- The partners with cases to screen, each once: those after one of them, then from the first one on. The walk ends with
-- the limit: no more of it is made than is read.
WITH RECURSIVE ring (partner) AS (
    SELECT coalesce((SELECT partner FROM cases WHERE stage = 'screening' AND partner > $1 ORDER BY partner LIMIT 1),
                    (SELECT partner FROM cases WHERE stage = 'screening' ORDER BY partner LIMIT 1))
     UNION
    SELECT coalesce((SELECT partner FROM cases
                      WHERE stage = 'screening' AND partner > ring.partner ORDER BY partner LIMIT 1),
                    (SELECT partner FROM cases WHERE stage = 'screening' ORDER BY partner LIMIT 1))
      FROM ring)
SELECT partner FROM ring WHERE partner IS NOT NULL LIMIT $2;

-- name: claim_of_partners
-- Takes so many of each partner's oldest due cases that nobody holds; what another worker is just taking is passed
-- over, not waited for.
WITH due AS MATERIALIZED (
    SELECT c.partner, c.customer, c.programme FROM unnest($4::uuid[]) AS p (partner), LATERAL (
        SELECT partner, customer, programme FROM cases
         WHERE stage = 'screening' AND partner = p.partner AND due_at <= $1
           AND (lease_until IS NULL OR lease_until <= $1)
         ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS c)
UPDATE cases AS c SET lease_until = $2 FROM due
 WHERE c.partner = due.partner AND c.customer = due.customer AND c.programme = due.programme
RETURNING c.partner, c.customer, c.programme, c.stage, c.attempt, c.claim, c.reason, c.submitted_at, c.decided_at,
          c.due_at, c.finding, c.version, c.proposal;

-- name: claim_oldest
-- Takes the oldest due cases of all partners that nobody holds; what another worker is just taking is passed over.
WITH due AS MATERIALIZED (
    SELECT partner, customer, programme FROM cases
     WHERE stage = 'screening' AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
     ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE cases AS c SET lease_until = $2 FROM due
 WHERE c.partner = due.partner AND c.customer = due.customer AND c.programme = due.programme
RETURNING c.partner, c.customer, c.programme, c.stage, c.attempt, c.claim, c.reason, c.submitted_at, c.decided_at,
          c.due_at, c.finding, c.version, c.proposal;

-- name: queue_reviewing
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal
  FROM cases WHERE stage = 'reviewing' AND (submitted_at, customer) > ($1, $2)
 ORDER BY submitted_at, customer LIMIT $3;

-- name: waiting_page
-- A page of the queue; the braces take conditions, the queue's order in its direction, and how many at most.
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal, assignee, assignee_name, assigned_at
  FROM cases WHERE stage = 'reviewing' AND due_at IS NULL AND {conditions}
 ORDER BY submitted_at {way}, customer {way}, partner {way}, programme {way} LIMIT {size};

-- name: take_next
-- Gives the first case of the queue that nobody has; what another reviewer is just given is passed over.
WITH next AS MATERIALIZED (
    SELECT partner, customer, programme FROM cases
     WHERE stage = 'reviewing' AND due_at IS NULL AND {conditions} AND assignee IS NULL
     ORDER BY submitted_at, customer, partner, programme LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE cases AS c SET assignee = {actor}, assignee_name = {name}, assigned_at = {since} FROM next
 WHERE c.partner = next.partner AND c.customer = next.customer AND c.programme = next.programme
RETURNING c.partner, c.customer, c.programme, c.stage, c.attempt, c.claim, c.reason, c.submitted_at, c.decided_at,
          c.due_at, c.finding, c.version, c.proposal, c.assignee, c.assignee_name, c.assigned_at;

-- name: assignment
SELECT assignee, assignee_name, assigned_at FROM cases WHERE partner = $1 AND customer = $2 AND programme = $3;

-- name: assigned
-- How many waiting cases somebody has.
SELECT count(*) FROM cases WHERE stage = 'reviewing' AND assignee = $1;

-- name: waiting_counts
-- How many cases wait of each kind, and how many of these are overdue; one walk through an index counts them all.
SELECT programme, country, rule, count(*), count(*) FILTER (WHERE submitted_at < $1)
  FROM cases WHERE stage = 'reviewing' AND due_at IS NULL GROUP BY programme, country, rule;

-- name: settling
-- Decisions that take effect by a moment, unless they are undone.
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal
  FROM cases WHERE proposer IS NOT NULL AND due_at IS NOT NULL AND due_at <= $1 AND stage IN ('reviewing', 'approved')
 ORDER BY due_at LIMIT $2;

-- name: claim_settling
-- Takes decisions that take effect now and that nobody holds; what another worker is just taking is passed over.
WITH due AS MATERIALIZED (
    SELECT partner, customer, programme FROM cases
     WHERE proposer IS NOT NULL AND due_at IS NOT NULL AND due_at <= $1 AND stage IN ('reviewing', 'approved')
       AND (lease_until IS NULL OR lease_until <= $1)
     ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE cases AS c SET lease_until = $2 FROM due
 WHERE c.partner = due.partner AND c.customer = due.customer AND c.programme = due.programme
RETURNING c.partner, c.customer, c.programme, c.stage, c.attempt, c.claim, c.reason, c.submitted_at, c.decided_at,
          c.due_at, c.finding, c.version, c.proposal;

-- name: waiting
-- How many cases wait for the screening and for people.
SELECT (SELECT count(*) FROM cases WHERE stage = 'screening'), (SELECT count(*) FROM cases WHERE stage = 'reviewing');

-- name: next_due
-- When the first thing is due that is done without a request.
SELECT min(due_at) FROM (
    SELECT min(due_at) AS due_at FROM cases WHERE stage = 'screening'
     UNION ALL
    SELECT min(due_at) FROM cases WHERE proposer IS NOT NULL AND due_at IS NOT NULL AND stage IN ('reviewing', 'approved')
     UNION ALL
    SELECT min(due_at) FROM deliveries WHERE state = 'waiting'
     UNION ALL
    SELECT min(at) FROM uploads WHERE state = 'open') AS first;

-- name: happenings
-- What happened from one moment to another. A decision took as long as passed since the submission before it. Of an
-- event only the beginning is read, as it is written: its members' order, and the first that no text can hold is named
-- `note`. jsonb refuses what text keeps, and a pattern over all of it takes twenty times as long.
WITH recent AS MATERIALIZED (
    SELECT partner, customer, programme, version, at, split_part(detail, '"', 4) AS step,
           split_part(detail, '"', 16) LIKE 'reviewer:%' AS person,
           substring(right(left(detail, position(',"note":' IN detail) - 1), 60) FROM '"reason":"([a-z-]+)"$') AS reason
      FROM events WHERE at >= $1 AND at < $2),
told AS (
    SELECT e.programme, e.step, e.person, e.reason,
           CASE WHEN e.step IN ('approve', 'deny')
                THEN coalesce(width_bucket((extract(epoch FROM e.at - s.at) * 1000000)::bigint, $3::bigint[]), 0)
                ELSE 0 END AS took
      FROM recent AS e LEFT JOIN LATERAL (
           SELECT at FROM events AS b
            WHERE b.partner = e.partner AND b.customer = e.customer AND b.programme = e.programme
              AND b.version < e.version AND e.step IN ('approve', 'deny')
              AND left(b.detail, 16) = '{"step":"submit"'
            ORDER BY b.version DESC LIMIT 1) AS s ON true)
SELECT programme, step, person, reason, took, count(*) FROM told WHERE step = ANY($4::text[]) GROUP BY 1, 2, 3, 4, 5;

-- name: waiting_before
-- How many cases that wait for a person were submitted before each of some moments.
SELECT b.place - 1, c.programme, count(*)
  FROM unnest($1::timestamptz[]) WITH ORDINALITY AS b (moment, place)
  JOIN cases AS c ON c.stage = 'reviewing' AND c.due_at IS NULL AND c.submitted_at < b.moment GROUP BY 1, 2;

-- name: codes
SELECT partner, code, organization, max_creates, remaining, changed_at FROM codes WHERE partner = $1 ORDER BY code;

-- name: redeemed_codes
SELECT c.partner, c.code, c.organization, c.max_creates, c.remaining, c.changed_at
  FROM redemptions AS r JOIN codes AS c ON c.partner = r.partner AND c.code = r.code
 WHERE r.partner = $1 AND r.customer = $2 ORDER BY r.place;

-- name: issue_code
INSERT INTO codes (partner, code, organization, max_creates, remaining, changed_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[])
ON CONFLICT (partner, code) DO UPDATE
   SET organization = excluded.organization, max_creates = excluded.max_creates, remaining = excluded.remaining,
       changed_at = greatest(excluded.changed_at, codes.changed_at + interval '1 microsecond');

-- name: redeem_code
-- Conflicts, by changing no row, when no creation is left. The moment always grows, and with it the eTag.
UPDATE codes AS c
   SET remaining = c.remaining - 1, changed_at = greatest(n.at, c.changed_at + interval '1 microsecond')
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS n (partner, code, at)
 WHERE c.partner = n.partner AND c.code = n.code AND c.remaining > 0;

-- name: add_redemption
INSERT INTO redemptions (partner, code, customer)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]);

-- name: remember_answer
INSERT INTO answers (partner, key, fingerprint, status, body, at)
SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::integer[], $5::bytea[], $6::timestamptz[])
ON CONFLICT (partner, key) DO NOTHING;

-- name: forget_answers
WITH old AS MATERIALIZED (
    SELECT partner, key FROM answers WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM answers AS a USING old WHERE a.partner = old.partner AND a.key = old.key;

-- name: end_session
INSERT INTO ended_sessions (partner, session, until) VALUES ($1, $2, $3) ON CONFLICT (partner, session) DO NOTHING;

-- name: ended_session
SELECT 1 FROM ended_sessions WHERE partner = $1 AND session = $2;

-- name: forget_sessions
WITH old AS MATERIALIZED (
    SELECT partner, session FROM ended_sessions WHERE until < $1 ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM ended_sessions AS s USING old WHERE s.partner = old.partner AND s.session = old.session;

-- name: ping
-- A change that changes nothing: it fails on a standby, on a full disk and without the right to write.
UPDATE vetline_schema AS s SET version = version
RETURNING version, coalesce((to_jsonb(s) ->> 'readable_by')::integer, version);

-- name: erase
WITH a AS (DELETE FROM answers), r AS (DELETE FROM redemptions), e AS (DELETE FROM events), v AS (DELETE FROM codes),
     l AS (DELETE FROM upload_rows), u AS (DELETE FROM uploads), d AS (DELETE FROM deliveries),
     w AS (DELETE FROM webhooks)
DELETE FROM customers;

-- name: tell
SELECT pg_notify('vetline', $1);
