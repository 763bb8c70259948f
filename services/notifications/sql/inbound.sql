-- name: one_batch_at_a_time
-- Batches are written one after the other, whoever consumes: then seq follows commit order, and no lane is read past a gap.
SELECT pg_advisory_xact_lock($1);

-- name: load_meetups
-- The copies of these meetups and how full they are, each where it is known: seats are counted even before the meetup has been heard of.
SELECT meetup_id, m.state, m.scheduled_at, s.taken, s.waiting
FROM unnest($1::uuid[]) AS asked(meetup_id) LEFT JOIN meetups AS m USING (meetup_id) LEFT JOIN standings AS s USING (meetup_id);

-- name: load_organisations
-- The copies of these organisations and of all that run one of these meetups.
SELECT state FROM organisations
WHERE organisation_id = ANY($1::uuid[])
   OR organisation_id IN (
       SELECT (o ->> 'organisation_id')::uuid FROM meetups, jsonb_array_elements(state -> 'organisers') AS o
       WHERE meetup_id = ANY($2::uuid[])
   );

-- name: load_registrations
-- The copies of these registrations, and of all active ones of the meetups that have moved ($2).
SELECT * FROM registrations WHERE registration_id = ANY($1::uuid[])
UNION
SELECT * FROM registrations WHERE meetup_id = ANY($2::uuid[]) AND status IN ('held', 'waitlisted', 'offered', 'confirmed');

-- name: save_meetups
-- Writes new copies; an older version never replaces a newer one.
INSERT INTO meetups (meetup_id, version, state, starts_at, scheduled_at)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[])
ON CONFLICT (meetup_id) DO UPDATE
SET version = excluded.version, state = excluded.state, starts_at = excluded.starts_at, scheduled_at = excluded.scheduled_at
WHERE meetups.version < excluded.version;

-- name: save_organisations
-- Writes new copies; an older version never replaces a newer one.
INSERT INTO organisations (organisation_id, version, state) SELECT * FROM unnest($1::uuid[], $2::int[], $3::jsonb[])
ON CONFLICT (organisation_id) DO UPDATE SET version = excluded.version, state = excluded.state
WHERE organisations.version < excluded.version;

-- name: save_registrations
-- Writes new copies; an older version never replaces a newer one, an equal one may bring a new calendar sequence.
INSERT INTO registrations (registration_id, version, meetup_id, person_id, status, locale, reference, calendar_sequence,
                           confirmed_at, mode, timezone, awaiting_approval, calendar_changes, named_by)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[],
                     $9::timestamptz[], $10::text[], $11::text[], $12::boolean[], $13::int[], $14::text[])
ON CONFLICT (registration_id) DO UPDATE
SET version = excluded.version, status = excluded.status, locale = excluded.locale, calendar_sequence = excluded.calendar_sequence,
    confirmed_at = excluded.confirmed_at, mode = excluded.mode, timezone = excluded.timezone,
    awaiting_approval = excluded.awaiting_approval, calendar_changes = excluded.calendar_changes, named_by = excluded.named_by
WHERE registrations.version <= excluded.version;

-- name: save_standings
-- Writes how full meetups are, as counted over this batch.
INSERT INTO standings (meetup_id, taken, waiting) SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[])
ON CONFLICT (meetup_id) DO UPDATE SET taken = excluded.taken, waiting = excluded.waiting
WHERE (standings.taken, standings.waiting) IS DISTINCT FROM (excluded.taken, excluded.waiting);

-- name: add_deliveries
-- Writes the mails owed, in order, and opens or hastens the lanes of their recipients. A mail that is already owed stays as it is.
WITH owed AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::jsonb[], $9::jsonb[], $10::timestamptz[]
    ) WITH ORDINALITY
        AS d(id, event_id, kind, recipient_kind, recipient_id, registration_id, meetup_id, facts, trace, due_at, place)
), added AS (
    INSERT INTO deliveries
        (id, event_id, kind, recipient_kind, recipient_id, registration_id, meetup_id, facts, trace, due_at, created_at)
    SELECT id, event_id, kind, recipient_kind, recipient_id, registration_id, meetup_id, facts, trace, due_at, $11
    FROM owed ORDER BY place
    ON CONFLICT (event_id, kind, recipient_id) DO NOTHING
    RETURNING recipient_id, recipient_kind, due_at
)
INSERT INTO lanes (recipient_id, recipient_kind, due_at)
SELECT recipient_id, recipient_kind, min(due_at) FROM added GROUP BY recipient_id, recipient_kind ORDER BY recipient_id
ON CONFLICT (recipient_id) DO UPDATE SET due_at = least(lanes.due_at, excluded.due_at);

-- name: add_to_summaries
-- Adds to the open counts of the organisations that read once an hour.
INSERT INTO summary_counts AS c (organisation_id, meetup_id, seated, waitlisted)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[])
ON CONFLICT (organisation_id, meetup_id) WHERE delivery_id IS NULL
DO UPDATE SET seated = c.seated + excluded.seated, waitlisted = c.waitlisted + excluded.waitlisted;

-- name: drop_for_erased
-- Whoever was erased gets no more mail; what was sent stays counted, under an id that leads to nobody.
UPDATE deliveries SET status = 'dropped', finished_at = $2, last_error = 'recipient-erased'
WHERE recipient_id = ANY($1::uuid[]) AND status = 'waiting';
