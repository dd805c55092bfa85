-- What people do with the cases that wait for them: proposals, who has taken what, and the queue by what it is filtered
-- by. All of it stands on the case row; what is only a reviewer's stands there only while the case is in review.
-- readable by: 1
ALTER TABLE cases ADD COLUMN proposal TEXT;
ALTER TABLE cases ADD COLUMN proposer TEXT;
ALTER TABLE cases ADD COLUMN rule TEXT;
ALTER TABLE cases ADD COLUMN country TEXT;
ALTER TABLE cases ADD COLUMN domain TEXT;
ALTER TABLE cases ADD COLUMN assignee TEXT;
ALTER TABLE cases ADD COLUMN assignee_name TEXT;
ALTER TABLE cases ADD COLUMN assigned_at INTEGER;
UPDATE cases SET rule = finding ->> '$.rule' WHERE stage = 'reviewing';
-- Each begins with what is filtered by most, goes on in the queue's order, and holds what else is filtered by, so that
-- no row is fetched to find out that it is not wanted.
CREATE INDEX cases_waiting ON cases (submitted_at, customer, partner, programme, country, rule, domain, assignee,
                                     proposer, due_at) WHERE stage = 'reviewing';
CREATE INDEX cases_waiting_by_programme ON cases (programme, submitted_at, customer, partner, country, rule, domain,
                                                  assignee, proposer, due_at) WHERE stage = 'reviewing';
CREATE INDEX cases_waiting_by_country ON cases (country, submitted_at, customer, partner, programme, rule, domain,
                                                assignee, proposer, due_at) WHERE stage = 'reviewing';
CREATE INDEX cases_waiting_by_rule ON cases (rule, submitted_at, customer, partner, programme, country, domain,
                                             assignee, proposer, due_at) WHERE stage = 'reviewing';
CREATE INDEX cases_waiting_by_partner ON cases (partner, submitted_at, customer, programme, country, rule, domain,
                                                assignee, proposer, due_at) WHERE stage = 'reviewing';
CREATE INDEX cases_waiting_by_domain ON cases (domain, submitted_at, customer, partner, programme, country, rule,
                                               assignee, proposer, due_at) WHERE stage = 'reviewing';
CREATE INDEX cases_assigned ON cases (assignee, submitted_at, customer, partner, programme, country, rule, domain,
                                      proposer, due_at)
    WHERE stage = 'reviewing' AND assignee IS NOT NULL;
CREATE INDEX cases_proposed ON cases (submitted_at, customer, partner, programme, country, rule, domain, assignee,
                                      proposer, due_at)
    WHERE stage = 'reviewing' AND proposer IS NOT NULL;
CREATE INDEX cases_settling ON cases (due_at) WHERE proposer IS NOT NULL AND due_at IS NOT NULL;
