-- What `vetline copy` asks of the database that it copies into.

-- name: settings
-- A lock is not waited for without end; a whole table is read, which takes as long as it takes. A batch need not be on
-- disk: what a crash of the server takes along is copied again.
SET lock_timeout = '10s'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SET synchronous_commit = off;

-- name: durable
-- The last commit is on disk when it returns, and with it all before it; a replica confirms it where one has to.
RESET synchronous_commit;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';

-- name: keep_others_out
-- "VETL" and the schema. A copy that was killed holds it until the server has noticed and undone its last batch.
SELECT pg_advisory_lock(1447384140, hashtext(current_schema()));

-- name: begin
CREATE TABLE IF NOT EXISTS vetline_copying ();

-- name: finish
DROP TABLE vetline_copying;

-- name: column_types
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   AND a.attnum > 0 AND NOT a.attisdropped;
