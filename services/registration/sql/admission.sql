-- name: lock_ledgers
-- Locks meetups in id order, so that two transactions never wait for each other, and returns what their seats are decided on.
SELECT id, status, territory, starts_at, closes_at, capacity, overbooking_percent,
       seats_taken, waiting_count, next_waiting_number, filled_at
FROM meetups WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE;

-- name: admission_candidates
-- What is known of each request, in their order. Look-ups by row on purpose: a join is planned as a scan while statistics are young.
SELECT (SELECT p.id FROM people AS p WHERE p.email_key = asked.email_key) AS person_id,
       (SELECT true FROM people AS p JOIN registrations AS r ON r.person_id = p.id
        WHERE p.email_key = asked.email_key AND r.meetup_id = asked.meetup_id
          AND r.status IN ('held', 'waitlisted', 'offered', 'confirmed') LIMIT 1) AS registered,
       first.request_hash, first.response, first.registration_id
FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS asked(meetup_id, email_key, key, position)
LEFT JOIN LATERAL (SELECT k.request_hash, k.response, k.registration_id FROM idempotency_keys AS k
                   WHERE k.meetup_id = asked.meetup_id AND k.key = asked.key LIMIT 1) AS first ON true
ORDER BY asked.position;

-- name: record_admissions
-- Writes all that a batch of admissions changes, in one statement: newcomers, registrations, names, first answers, counters.
-- Newcomers go in by the order of their keys, so that two batches with the same ones wait for each other one way round. The later of
-- the two writes none of its own, fails on the reference to them and is decided again: failing on the key itself would have the server
-- write the address into its log.
WITH newcomers AS (
    INSERT INTO people (id, email, email_key, created_at)
    SELECT id, email, email_key, $1 FROM unnest($2::uuid[], $3::text[], $4::text[]) AS n(id, email, email_key) ORDER BY email_key
    ON CONFLICT (email_key) DO NOTHING
), admitted AS (
    SELECT * FROM unnest(
        $5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::text[], $12::integer[], $13::timestamptz[],
        $14::text[], $15::text[], $16::bytea[], $17::text[]
    ) AS a(id, reference, meetup_id, person_id, status, headcount, locale, waiting_number, expires_at, full_name, key, request_hash, response)
), registered AS (
    INSERT INTO registrations
        (id, version, reference, meetup_id, person_id, status, headcount, locale, waiting_number, expires_at, registered_at, changed_at)
    SELECT id, 1, reference, meetup_id, person_id, status, headcount, locale, waiting_number, expires_at, $1, $1 FROM admitted
), named AS (
    INSERT INTO attendees (registration_id, person_id, full_name) SELECT id, person_id, full_name FROM admitted
), answered AS (
    INSERT INTO idempotency_keys (meetup_id, key, request_hash, response, registration_id, created_at)
    SELECT meetup_id, key, request_hash, response, id, $1 FROM admitted
)
UPDATE meetups AS m SET seats_taken = l.taken, waiting_count = l.waiting, next_waiting_number = l.next_number
FROM unnest($18::uuid[], $19::integer[], $20::integer[], $21::integer[]) AS l(id, taken, waiting, next_number)
WHERE m.id = l.id;

-- name: write_ledgers
-- Writes the counters of locked meetups; the CHECKs have the last word.
UPDATE meetups AS m SET seats_taken = l.taken, waiting_count = l.waiting, next_waiting_number = l.next_number
FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[]) AS l(id, taken, waiting, next_number)
WHERE m.id = l.id;

-- name: purge_idempotency_keys
-- Forgets answers of more than 24 hours, a bounded number at a time.
DELETE FROM idempotency_keys WHERE (meetup_id, key) IN
    (SELECT meetup_id, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2);
