-- What happened from one moment to another, whatever it happened to. What is new comes at the end of the index.
-- readable by: 1
-- without a transaction
DROP INDEX CONCURRENTLY IF EXISTS events_by_moment;
CREATE INDEX CONCURRENTLY events_by_moment ON events (at);
