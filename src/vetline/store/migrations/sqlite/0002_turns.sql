-- Partners take turns in the screening: who has cases waiting, and which of them are due longest.
-- readable by: 1
CREATE INDEX cases_turns ON cases (partner, due_at) WHERE stage = 'screening';
