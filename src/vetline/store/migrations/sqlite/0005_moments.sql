-- What happened from one moment to another, whatever it happened to. What is new comes at the end of the index.
-- readable by: 1
CREATE INDEX events_by_moment ON events (at);
