-- name: standing
-- A customer's cases; one row of nulls when it has none, no row when this partner has no such customer.
SELECT k.programme, k.stage, k.reason, k.submitted_at
  FROM customers AS c LEFT JOIN cases AS k ON k.partner = c.partner AND k.customer = c.customer
 WHERE c.partner = ?1 AND c.customer = ?2;

-- name: customer
SELECT partner, customer, domain, particulars, created_at, version FROM customers WHERE partner = ?1 AND customer = ?2;

-- name: somebodys_customer
-- Whether any partner has this customer.
SELECT 1 FROM customers WHERE customer = ?1 LIMIT 1;

-- name: customers
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = :partner AND (name_key, customer) > (:value, :id)
 ORDER BY name_key, customer LIMIT :size;

-- name: customers_by_name
-- The place is where the beginnings wanted begin, or after it: a second lower bound would not be looked up.
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = :partner AND (name_key, customer) > (:value, :id) AND name_key < :end
 ORDER BY name_key, customer LIMIT :size;

-- name: customers_by_domain
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = :partner AND (domain, customer) > (:value, :id) AND domain < :end
 ORDER BY domain, customer LIMIT :size;

-- name: customers_before
-- The last ones before a place, backwards; so are the two that follow.
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = :partner AND (name_key, customer) < (:value, :id)
 ORDER BY name_key DESC, customer DESC LIMIT :size;

-- name: customers_by_name_before
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = :partner AND (name_key, customer) < (:value, :id) AND name_key >= :end
 ORDER BY name_key DESC, customer DESC LIMIT :size;

-- name: customers_by_domain_before
SELECT partner, customer, domain, particulars, created_at, version FROM customers
 WHERE partner = :partner AND (domain, customer) < (:value, :id) AND domain >= :end
 ORDER BY domain DESC, customer DESC LIMIT :size;

-- name: customers_by_words
-- Those with these words whose name does not begin as a whole: they were found already.
SELECT c.partner, c.customer, c.domain, c.particulars, c.created_at, c.version
  FROM (SELECT rowid FROM customers_words WHERE customers_words MATCH :match LIMIT :candidates) AS w
 CROSS JOIN customers AS c ON c.rowid = w.rowid
 WHERE c.partner = :partner AND NOT (c.name_key >= :low AND c.name_key < :high)
 ORDER BY c.name_key, c.customer LIMIT :size;

-- name: add_customer
INSERT INTO customers (partner, customer, domain, name_key, particulars, created_at, version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: change_customer
-- Conflicts, by changing no row, when the version is not the one that was read.
UPDATE customers SET domain = ?3, name_key = ?4, particulars = ?5, version = ?7
 WHERE partner = ?1 AND customer = ?2 AND version = ?7 - 1;

-- name: remove_customer
DELETE FROM customers WHERE partner = ?1 AND customer = ?2;

-- name: remove_events
DELETE FROM events WHERE partner = ?1 AND customer = ?2;

-- name: remove_redemptions
DELETE FROM redemptions WHERE partner = ?1 AND customer = ?2;

-- name: add_case
INSERT INTO cases (partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at,
                   finding, version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- name: move_case
-- Conflicts, by changing no row, when the version is not the one that was decided on. Moving ends the lease.
-- Who has taken the case keeps it while it waits for them: not when it is decided, nor when a second person must agree.
UPDATE cases SET stage = ?4, attempt = ?5, claim = ?6, reason = ?7, submitted_at = ?8, decided_at = ?9, due_at = ?10,
                 finding = ?11, version = ?12, lease_until = NULL, proposal = ?13, proposer = ?14, rule = ?15,
                 country = ?16, domain = ?17,
                 assignee = CASE WHEN ?4 = 'reviewing' AND (?14 IS NULL OR ?10 IS NOT NULL) THEN assignee END
 WHERE partner = ?1 AND customer = ?2 AND programme = ?3 AND version = ?12 - 1;

-- name: assign_case
-- Conflicts, by changing no row, when somebody else has it or it waits for nobody.
UPDATE cases SET assignee = ?5, assignee_name = ?6, assigned_at = ?7
 WHERE partner = ?1 AND customer = ?2 AND programme = ?3 AND stage = 'reviewing' AND coalesce(assignee, '') = ?4;

-- name: add_event
INSERT INTO events (partner, customer, programme, version, at, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: case
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal
  FROM cases WHERE partner = ?1 AND customer = ?2 AND programme = ?3;

-- name: cases
-- A customer's cases, whole; one row of nulls when it has none, no row when this partner has no such customer.
SELECT k.partner, k.customer, k.programme, k.stage, k.attempt, k.claim, k.reason, k.submitted_at, k.decided_at,
       k.due_at, k.finding, k.version, k.proposal
  FROM customers AS c LEFT JOIN cases AS k ON k.partner = c.partner AND k.customer = c.customer
 WHERE c.partner = ?1 AND c.customer = ?2 ORDER BY k.programme;

-- name: history
SELECT detail FROM events WHERE partner = ?1 AND customer = ?2 AND programme = ?3 ORDER BY version;

-- name: partners_in_turn
-- The partners with cases to screen, each once: those after one of them, then from the first one on.
WITH RECURSIVE ring (partner) AS (
    SELECT coalesce((SELECT min(partner) FROM cases INDEXED BY cases_turns
                      WHERE stage = 'screening' AND partner > :after),
                    (SELECT min(partner) FROM cases INDEXED BY cases_turns WHERE stage = 'screening'))
     UNION
    SELECT coalesce((SELECT min(partner) FROM cases INDEXED BY cases_turns
                      WHERE stage = 'screening' AND partner > ring.partner),
                    (SELECT min(partner) FROM cases INDEXED BY cases_turns WHERE stage = 'screening'))
      FROM ring
     LIMIT :limit)
SELECT partner FROM ring WHERE partner IS NOT NULL;

-- name: due_of_partner
-- A partner's oldest due cases that nobody holds.
SELECT rowid FROM cases INDEXED BY cases_turns
 WHERE stage = 'screening' AND partner = :partner AND due_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
 ORDER BY due_at LIMIT :limit;

-- name: due
-- The oldest due cases of all partners that nobody holds.
SELECT rowid FROM cases INDEXED BY cases_screening
 WHERE stage = 'screening' AND due_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
 ORDER BY due_at LIMIT :limit;

-- name: claim
UPDATE cases SET lease_until = ?1 WHERE rowid IN (SELECT value FROM json_each(?2))
RETURNING partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding,
          version, proposal;

-- name: queue_reviewing
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal
  FROM cases WHERE stage = 'reviewing' AND (submitted_at, customer) > (:after_at, :after_id)
 ORDER BY submitted_at, customer LIMIT :limit;

-- name: waiting_page
-- A page of the queue; the braces take an index, conditions, and the queue's order in its direction.
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal, assignee, assignee_name, assigned_at
  FROM cases INDEXED BY {index} WHERE stage = 'reviewing' AND due_at IS NULL AND {conditions}
 ORDER BY submitted_at {way}, customer {way}, partner {way}, programme {way} LIMIT :size;

-- name: take_next
-- Gives the first case of the queue that nobody has.
UPDATE cases SET assignee = :actor, assignee_name = :name, assigned_at = :since WHERE rowid =
       (SELECT rowid FROM cases INDEXED BY {index}
         WHERE stage = 'reviewing' AND due_at IS NULL AND {conditions} AND assignee IS NULL
         ORDER BY submitted_at, customer, partner, programme LIMIT 1)
RETURNING partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding,
          version, proposal, assignee, assignee_name, assigned_at;

-- name: assignment
SELECT assignee, assignee_name, assigned_at FROM cases WHERE partner = ?1 AND customer = ?2 AND programme = ?3;

-- name: assigned
-- How many waiting cases somebody has.
SELECT count(*) FROM cases INDEXED BY cases_assigned WHERE stage = 'reviewing' AND assignee = :actor;

-- name: waiting_counts
-- How many cases wait of each kind, and how many of these are overdue; one walk through an index counts them all.
SELECT programme, country, rule, count(*), count(*) FILTER (WHERE submitted_at < :before)
  FROM cases INDEXED BY cases_waiting WHERE stage = 'reviewing' AND due_at IS NULL GROUP BY programme, country, rule;

-- name: settling
-- Decisions that take effect by a moment, unless they are undone.
SELECT partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding, version,
       proposal
  FROM cases INDEXED BY cases_settling WHERE proposer IS NOT NULL AND due_at IS NOT NULL AND due_at <= :by
   AND stage IN ('reviewing', 'approved')
 ORDER BY due_at LIMIT :limit;

-- name: claim_settling
-- Takes decisions that take effect now and that nobody holds.
UPDATE cases SET lease_until = ?2 WHERE rowid IN (
    SELECT rowid FROM cases INDEXED BY cases_settling
     WHERE proposer IS NOT NULL AND due_at IS NOT NULL AND due_at <= ?1 AND stage IN ('reviewing', 'approved')
       AND (lease_until IS NULL OR lease_until <= ?1)
     ORDER BY due_at LIMIT ?3)
RETURNING partner, customer, programme, stage, attempt, claim, reason, submitted_at, decided_at, due_at, finding,
          version, proposal;

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
-- event only the beginning is parsed: what is long in it comes after, and no text in it can have this member's name.
WITH recent AS MATERIALIZED (
    SELECT partner, customer, programme, version, at, substr(detail, 1, instr(detail, ',"note":') - 1) || '}' AS said
      FROM events INDEXED BY events_by_moment WHERE at >= :since AND at < :until),
told AS (
    SELECT partner, customer, programme, version, at, said ->> '$.step' AS step, said ->> '$.reason' AS reason,
           said ->> '$.actor' LIKE 'reviewer:%' AS person FROM recent)
SELECT programme, step, person, reason,
       CASE WHEN step IN ('approve', 'deny') THEN (
           SELECT count(*) FROM json_each(:bounds)
            WHERE value <= told.at - (SELECT s.at FROM events AS s
                                       WHERE s.partner = told.partner AND s.customer = told.customer
                                         AND s.programme = told.programme AND s.version < told.version
                                         AND substr(s.detail, 1, 16) = '{"step":"submit"'
                                       ORDER BY s.version DESC LIMIT 1)) ELSE 0 END AS took,
       count(*)
  FROM told WHERE step IN (SELECT value FROM json_each(:steps)) GROUP BY 1, 2, 3, 4, 5;

-- name: waiting_before
-- How many cases of each programme that wait for a person were submitted before each of some moments.
SELECT b.key, p.value, (SELECT count(*) FROM cases INDEXED BY cases_waiting_by_programme
                         WHERE stage = 'reviewing' AND due_at IS NULL AND programme = p.value
                           AND submitted_at < b.value) AS number
  FROM json_each(:moments) AS b CROSS JOIN json_each(:programmes) AS p WHERE number > 0;

-- name: codes
SELECT partner, code, organization, max_creates, remaining, changed_at FROM codes WHERE partner = ?1 ORDER BY code;

-- name: code
SELECT partner, code, organization, max_creates, remaining, changed_at FROM codes WHERE partner = ?1 AND code = ?2;

-- name: redeemed_codes
SELECT c.partner, c.code, c.organization, c.max_creates, c.remaining, c.changed_at
  FROM redemptions AS r JOIN codes AS c ON c.partner = r.partner AND c.code = r.code
 WHERE r.partner = ?1 AND r.customer = ?2 ORDER BY r.rowid;

-- name: issue_code
INSERT INTO codes (partner, code, organization, max_creates, remaining, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (partner, code) DO UPDATE
   SET organization = excluded.organization, max_creates = excluded.max_creates, remaining = excluded.remaining,
       changed_at = max(excluded.changed_at, changed_at + 1);

-- name: redeem_code
-- Conflicts, by changing no row, when no creation is left. The moment always grows, and with it the eTag.
UPDATE codes SET remaining = remaining - 1, changed_at = max(?3, changed_at + 1)
 WHERE partner = ?1 AND code = ?2 AND remaining > 0;

-- name: add_redemption
INSERT INTO redemptions (partner, customer, code) VALUES (?1, ?2, ?3);

-- name: answer
SELECT partner, key, fingerprint, status, body, at FROM answers WHERE partner = ?1 AND key = ?2;

-- name: remember_answer
INSERT INTO answers (partner, key, fingerprint, status, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (partner, key) DO NOTHING;

-- name: forget_answers
DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers WHERE at < ?1 ORDER BY at LIMIT ?2);

-- name: end_session
INSERT INTO ended_sessions (partner, session, until) VALUES (?1, ?2, ?3) ON CONFLICT (partner, session) DO NOTHING;

-- name: ended_session
SELECT 1 FROM ended_sessions WHERE partner = ?1 AND session = ?2;

-- name: forget_sessions
DELETE FROM ended_sessions WHERE rowid IN (SELECT rowid FROM ended_sessions WHERE until < ?1 ORDER BY until LIMIT ?2);
