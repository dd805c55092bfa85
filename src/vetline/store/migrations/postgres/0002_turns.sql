-- Partners take turns in the screening: who has cases waiting, and which of them are due longest.
-- readable by: 1
-- without a transaction
DROP INDEX CONCURRENTLY IF EXISTS cases_turns;
CREATE INDEX CONCURRENTLY cases_turns ON cases (partner, due_at) WHERE stage = 'screening';
