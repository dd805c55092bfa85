-- Partners take turns in the screening: who has cases waiting, and which of them are due longest. Made beside a running
-- service; what an attempt that was cut off left behind is gone before this runs.
CREATE INDEX CONCURRENTLY IF NOT EXISTS cases_turns ON cases (partner, due_at) WHERE stage = 'screening';
