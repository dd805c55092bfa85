-- What people do with the cases that wait for them: proposals, who has taken what, and the queue by what it is filtered
-- by. All of it stands on the case row; what is only a reviewer's stands there only while the case is in review.
-- readable by: 1
-- without a transaction
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS proposal text,
    ADD COLUMN IF NOT EXISTS proposer text COLLATE "C",
    ADD COLUMN IF NOT EXISTS rule text COLLATE "C",
    ADD COLUMN IF NOT EXISTS country text COLLATE "C",
    ADD COLUMN IF NOT EXISTS domain text COLLATE "C",
    ADD COLUMN IF NOT EXISTS assignee text COLLATE "C",
    ADD COLUMN IF NOT EXISTS assignee_name text,
    ADD COLUMN IF NOT EXISTS assigned_at timestamptz;
UPDATE cases SET rule = substring(finding FROM '^\{"outcome":"[a-z]+","rule":"([a-z-]+)"')
 WHERE stage = 'reviewing' AND rule IS NULL;
-- Each begins with what is filtered by most, goes on in the queue's order, and holds what else is filtered by, so that
-- no row is fetched to find out that it is not wanted.
DROP INDEX CONCURRENTLY IF EXISTS cases_waiting;
CREATE INDEX CONCURRENTLY cases_waiting
    ON cases (submitted_at, customer, partner, programme, country, rule, domain, assignee, proposer, due_at)
 WHERE stage = 'reviewing';
DROP INDEX CONCURRENTLY IF EXISTS cases_waiting_by_programme;
CREATE INDEX CONCURRENTLY cases_waiting_by_programme
    ON cases (programme, submitted_at, customer, partner, country, rule, domain, assignee, proposer, due_at)
 WHERE stage = 'reviewing';
DROP INDEX CONCURRENTLY IF EXISTS cases_waiting_by_country;
CREATE INDEX CONCURRENTLY cases_waiting_by_country
    ON cases (country, submitted_at, customer, partner, programme, rule, domain, assignee, proposer, due_at)
 WHERE stage = 'reviewing';
DROP INDEX CONCURRENTLY IF EXISTS cases_waiting_by_rule;
CREATE INDEX CONCURRENTLY cases_waiting_by_rule
    ON cases (rule, submitted_at, customer, partner, programme, country, domain, assignee, proposer, due_at)
 WHERE stage = 'reviewing';
DROP INDEX CONCURRENTLY IF EXISTS cases_waiting_by_partner;
CREATE INDEX CONCURRENTLY cases_waiting_by_partner
    ON cases (partner, submitted_at, customer, programme, country, rule, domain, assignee, proposer, due_at)
 WHERE stage = 'reviewing';
DROP INDEX CONCURRENTLY IF EXISTS cases_waiting_by_domain;
CREATE INDEX CONCURRENTLY cases_waiting_by_domain
    ON cases (domain, submitted_at, customer, partner, programme, country, rule, assignee, proposer, due_at)
 WHERE stage = 'reviewing';
DROP INDEX CONCURRENTLY IF EXISTS cases_assigned;
CREATE INDEX CONCURRENTLY cases_assigned
    ON cases (assignee, submitted_at, customer, partner, programme, country, rule, domain, proposer, due_at)
 WHERE stage = 'reviewing' AND assignee IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS cases_proposed;
CREATE INDEX CONCURRENTLY cases_proposed
    ON cases (submitted_at, customer, partner, programme, country, rule, domain, assignee, proposer, due_at)
 WHERE stage = 'reviewing' AND proposer IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS cases_settling;
CREATE INDEX CONCURRENTLY cases_settling
    ON cases (due_at)
 WHERE proposer IS NOT NULL AND due_at IS NOT NULL;
