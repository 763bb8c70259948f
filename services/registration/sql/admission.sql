-- name: lock_ledgers
-- Locks meetups in id order, so that two transactions never wait for each other, and returns what the seats of their rooms are decided on.
-- The rooms are locked as well, though the meetup would do: after a wait, only rows that are locked are read as they are by then.
SELECT m.id AS meetup_id, m.status, m.territory, m.timezone, m.starts_at, m.closes_at, m.approval, r.mode, r.capacity, r.overbooking_percent,
       r.seats_taken AS taken, r.waiting_count AS waiting, r.next_waiting_number AS next_number, r.filled_at IS NOT NULL AS filled,
       r.decoys_held, r.decoys_waiting
FROM meetups AS m JOIN rooms AS r ON r.meetup_id = m.id
WHERE m.id = ANY($1::uuid[]) ORDER BY m.id, r.mode DESC FOR NO KEY UPDATE OF m, r;

-- name: admission_candidates
-- What is known of each request, in their order. Look-ups by row on purpose: a join is planned as a scan while statistics are young.
SELECT (SELECT p.id FROM people AS p WHERE p.email_key = asked.email_key) AS person_id,
       (SELECT true FROM people AS p JOIN registrations AS r ON r.person_id = p.id
        WHERE p.email_key = asked.email_key AND r.meetup_id = asked.meetup_id
          AND r.status IN ('held', 'waitlisted', 'offered', 'confirmed') LIMIT 1) AS registered,
       first.request_hash, first.response, first.registration_id,
       invited.id AS invitation_id, invited.label, invited.max_uses, invited.used, invited.expires_at, invited.created_at,
       -- What the meetup asks, once for each: its questions may be long.
       CASE WHEN asked.speaks THEN
           (SELECT jsonb_build_object('format', m.format, 'visibility', m.visibility, 'questions', m.questions)
            FROM meetups AS m WHERE m.id = asked.meetup_id)
       END AS terms
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::boolean[])
    WITH ORDINALITY AS asked(meetup_id, email_key, key, code_hash, speaks, position)
LEFT JOIN LATERAL (SELECT k.request_hash, k.response, k.registration_id FROM idempotency_keys AS k
                   WHERE k.meetup_id = asked.meetup_id AND k.key = asked.key LIMIT 1) AS first ON true
LEFT JOIN LATERAL (SELECT i.* FROM invitations AS i
                   WHERE i.meetup_id = asked.meetup_id AND i.code_hash = asked.code_hash AND i.revoked_at IS NULL LIMIT 1) AS invited ON true
ORDER BY asked.position;

-- name: record_admissions
-- Writes all that a batch of admissions changes, in one statement: newcomers, registrations, names with what they told, consents, first
-- answers, uses of invitations, counters.
-- Newcomers go in by the order of their keys, so that two batches with the same ones wait for each other one way round. The later of
-- the two writes none of its own, fails on the reference to them and is decided again: failing on the key itself would have the server
-- write the address into its log.
WITH newcomers AS (
    INSERT INTO people (id, email, email_key, created_at)
    SELECT id, email, email_key, $1 FROM unnest($2::uuid[], $3::text[], $4::text[]) AS n(id, email, email_key) ORDER BY email_key
    ON CONFLICT (email_key) DO NOTHING
), admitted AS (
    SELECT * FROM unnest(
        $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::integer[],
        $14::timestamptz[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[],
        $21::text[], $22::text[], $23::text[], $24::text[], $25::text[], $26::text[], $27::text[], $28::bytea[], $29::text[],
        $30::text[]
    ) AS a(id, reference, meetup_id, mode, person_id, status, headcount, locale, waiting_number, expires_at, approval,
           role, sector, needs, timezone, notice_version, full_name, organisation, identifier_scheme, identifier_value, access_needs,
           answers, key, request_hash, response, named_by)
), registered AS (
    INSERT INTO registrations
        (id, version, reference, meetup_id, mode, person_id, status, headcount, locale, waiting_number, expires_at, approval,
         role, sector, needs, timezone, notice_version, named_by, registered_at, changed_at)
    SELECT id, 1, reference, meetup_id, mode, person_id, status, headcount, locale, waiting_number, expires_at, approval,
           role, sector, string_to_array(needs, ','), timezone, notice_version, named_by, $1, $1 FROM admitted
), named AS (
    INSERT INTO attendees
        (registration_id, person_id, full_name, organisation, identifier_scheme, identifier_value, access_needs, answers)
    SELECT id, person_id, full_name, organisation, identifier_scheme, identifier_value, access_needs, answers::jsonb FROM admitted
), consented AS (
    INSERT INTO consents (id, person_id, registration_id, purpose, text_version, locale, given_at, channel)
    SELECT id, person_id, registration_id, purpose, text_version, locale, $1, channel
    FROM unnest($31::uuid[], $32::uuid[], $33::uuid[], $34::text[], $35::text[], $36::text[], $37::text[])
        AS c(id, person_id, registration_id, purpose, text_version, locale, channel)
), invited AS (
    UPDATE invitations AS i SET used = i.used + u.uses FROM unnest($38::uuid[], $39::integer[]) AS u(id, uses) WHERE i.id = u.id
), answered AS (
    INSERT INTO idempotency_keys (meetup_id, key, request_hash, response, registration_id, created_at)
    SELECT meetup_id, key, request_hash, response, id, $1 FROM admitted
)
UPDATE rooms AS r SET seats_taken = l.taken, waiting_count = l.waiting, next_waiting_number = l.next_number,
    decoys_held = l.decoys_held, decoys_waiting = l.decoys_waiting
FROM unnest($40::uuid[], $41::text[], $42::integer[], $43::integer[], $44::integer[], $45::integer[], $46::integer[])
    AS l(meetup_id, mode, taken, waiting, next_number, decoys_held, decoys_waiting)
WHERE r.meetup_id = l.meetup_id AND r.mode = l.mode;

-- name: write_ledgers
-- Writes the counters of rooms of locked meetups; the CHECKs have the last word.
UPDATE rooms AS r SET seats_taken = l.taken, waiting_count = l.waiting, next_waiting_number = l.next_number,
    decoys_held = l.decoys_held, decoys_waiting = l.decoys_waiting
FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[])
    AS l(meetup_id, mode, taken, waiting, next_number, decoys_held, decoys_waiting)
WHERE r.meetup_id = l.meetup_id AND r.mode = l.mode;

-- name: move_room
-- Turns the only room of a locked meetup into one of the other kind, with all its registrations and what only looks like one.
WITH pretended AS (
    UPDATE decoys SET mode = $2 WHERE meetup_id = $1 AND (SELECT count(*) FROM rooms WHERE meetup_id = $1) = 1
)
UPDATE rooms SET mode = $2 WHERE meetup_id = $1 AND mode <> $2 AND (SELECT count(*) FROM rooms WHERE meetup_id = $1) = 1;

-- name: set_rooms
-- Gives a locked meetup these rooms, or these sizes; counters stay.
INSERT INTO rooms (meetup_id, mode, capacity, overbooking_percent)
SELECT $1, mode, capacity, overbooking_percent
FROM unnest($2::text[], $3::integer[], $4::integer[]) AS r(mode, capacity, overbooking_percent)
ON CONFLICT (meetup_id, mode) DO UPDATE SET capacity = excluded.capacity, overbooking_percent = excluded.overbooking_percent;

-- name: remove_rooms
-- Takes the other rooms of a locked meetup away; one that was ever registered for is kept by the foreign key, one that only seemed to be
-- is not.
WITH pretended AS (
    UPDATE decoys SET status = 'cancelled', expires_at = NULL
    WHERE meetup_id = $1 AND mode <> ALL($2::text[]) AND status IN ('held', 'waitlisted', 'offered')
)
DELETE FROM rooms WHERE meetup_id = $1 AND mode <> ALL($2::text[]);

-- name: purge_idempotency_keys
-- Forgets answers of more than 24 hours, a bounded number at a time.
DELETE FROM idempotency_keys WHERE (meetup_id, key) IN
    (SELECT meetup_id, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2);
