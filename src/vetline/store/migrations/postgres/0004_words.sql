-- The words of customers' names and domains, each behind its partner, so that what others have costs a search nothing.
-- Words are cut as `vetline.store.searching` cuts them; a test compares the two for every character.
-- readable by: 1
-- without a transaction
CREATE OR REPLACE FUNCTION customer_words(partner uuid, name_key text, domain text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT partner::text || ':' || left(word, 64)
          FROM regexp_split_to_table(
                   regexp_replace(normalize(name_key || ' ' || domain, NFKD), '[\u0300-\u036f]', '', 'g'),
                   '[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe10-\ufe6f\U0001f000-\U0001faff]+'
               ) AS word
         WHERE word <> ''))
$$;
DROP INDEX CONCURRENTLY IF EXISTS customers_words;
CREATE INDEX CONCURRENTLY customers_words ON customers USING gin (customer_words(partner, name_key, domain))
  WITH (fastupdate = off);
