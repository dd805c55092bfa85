-- What happened at a partner and which customers it created, by moment. What is new comes at the end of its part.
-- readable by: 1
-- without a transaction
DROP INDEX CONCURRENTLY IF EXISTS events_of_partner;
CREATE INDEX CONCURRENTLY events_of_partner ON events (partner, at, customer, programme, version);
DROP INDEX CONCURRENTLY IF EXISTS customers_of_partner;
CREATE INDEX CONCURRENTLY customers_of_partner ON customers (partner, created_at, customer);
