-- What a partner is told of what happened. The braces take conditions on the customer.

-- name: audit
-- The newest first: the steps that qualifications took, each with the one before it, and the customers created. A step
-- is the first member of an event, as it is written; of what is left out the planner knows that it is little.
(SELECT c.partner, c.customer, c.domain, c.particulars, c.created_at, c.version, e.at, e.programme, e.version AS step,
        e.detail,
        (SELECT b.detail FROM events AS b
          WHERE b.partner = e.partner AND b.customer = e.customer AND b.programme = e.programme
            AND b.version < e.version AND split_part(b.detail, '"', 4) <> ALL($8::text[])
          ORDER BY b.version DESC LIMIT 1) AS before
   FROM events AS e JOIN customers AS c ON c.partner = e.partner AND c.customer = e.customer
  WHERE e.partner = $1 AND e.at >= $2
    AND (e.at, e.customer, e.programme, e.version) < ($3, $4::uuid, $5::text, $6::bigint)
    AND split_part(e.detail, '"', 4) <> ALL($8::text[]) AND {events}
  ORDER BY e.at DESC, e.customer DESC, e.programme DESC, e.version DESC LIMIT $7)
UNION ALL
(SELECT c.partner, c.customer, c.domain, c.particulars, c.created_at, c.version, c.created_at, '', 0, NULL, NULL
   FROM customers AS c
  WHERE c.partner = $1 AND c.created_at >= $2 AND c.created_at <= $3
    AND (c.created_at, c.customer, ''::text, 0::bigint) < ($3, $4::uuid, $5::text, $6::bigint) AND {customers}
  ORDER BY c.created_at DESC, c.customer DESC LIMIT $7)
 ORDER BY 7 DESC, 2 DESC, 8 DESC, 9 DESC LIMIT $7;
