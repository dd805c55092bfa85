-- What happened at a partner and which customers it created, by moment. What is new comes at the end of its part.
-- readable by: 1
CREATE INDEX events_of_partner ON events (partner, at, customer, programme, version);
CREATE INDEX customers_of_partner ON customers (partner, created_at, customer);
