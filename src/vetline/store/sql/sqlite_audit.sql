-- What a partner is told of what happened. The braces take an index and conditions on the customer.

-- name: audit
-- The newest first: the steps that qualifications took, each with the one before it, and the customers created.
SELECT * FROM (
    SELECT c.partner, c.customer, c.domain, c.particulars, c.created_at, c.version, e.at, e.programme, e.version AS step,
           e.detail,
           (SELECT b.detail FROM events AS b
             WHERE b.partner = e.partner AND b.customer = e.customer AND b.programme = e.programme
               AND b.version < e.version AND b.detail ->> '$.step' NOT IN (SELECT value FROM json_each(:steps))
             ORDER BY b.version DESC LIMIT 1) AS before
      FROM events AS e INDEXED BY {index} CROSS JOIN customers AS c ON c.partner = e.partner AND c.customer = e.customer
     WHERE e.partner = :partner AND e.at >= :since
       AND (e.at, e.customer, e.programme, e.version) < (:at, :after, :programme, :step)
       AND e.detail ->> '$.step' NOT IN (SELECT value FROM json_each(:steps)) AND {events}
     ORDER BY e.at DESC, e.customer DESC, e.programme DESC, e.version DESC LIMIT :size)
UNION ALL
SELECT * FROM (
    SELECT c.partner, c.customer, c.domain, c.particulars, c.created_at, c.version, c.created_at, '', 0, NULL, NULL
      FROM customers AS c
     WHERE c.partner = :partner AND c.created_at >= :since AND c.created_at <= :at
       AND (c.created_at, c.customer, '', 0) < (:at, :after, :programme, :step) AND {customers}
     ORDER BY c.created_at DESC, c.customer DESC LIMIT :size)
 ORDER BY 7 DESC, 2 DESC, 8 DESC, 9 DESC LIMIT :size;
