-- name: registrations_by_reference
-- Registrations of one meetup by what people quote, read under the meetup's lock.
SELECT r.*, m.territory, m.attendance_mode FROM registrations AS r JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.meetup_id = $1 AND r.reference = ANY($2::text[]);

-- name: registrations_by_ticket
-- Registrations of one meetup by the codes of their tickets, read under its lock. Looked for among those of the meetup: an index of
-- its own would cost every registration, for a batch of scans now and then.
SELECT r.*, m.territory, m.attendance_mode FROM registrations AS r JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.meetup_id = $1 AND r.ticket = ANY($2::uuid[]);

-- name: active_registrations
-- All who have a seat or wait for one in a meetup, read under its lock.
SELECT r.*, m.territory, m.attendance_mode FROM registrations AS r JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.meetup_id = $1 AND r.status IN ('held', 'waitlisted', 'offered', 'confirmed') ORDER BY r.id;

-- name: first_in_line
-- The next ones on several waiting lists, as many of each as asked for; who waits for an organiser's word is in no line.
SELECT r.*, m.territory, m.attendance_mode
FROM unnest($1::uuid[], $2::text[], $3::integer[]) AS asked(meetup_id, mode, seats)
JOIN meetups AS m ON m.id = asked.meetup_id
CROSS JOIN LATERAL (
    SELECT * FROM registrations AS w WHERE w.meetup_id = asked.meetup_id AND w.mode = asked.mode AND w.status = 'waitlisted'
      AND w.approval IS DISTINCT FROM 'pending'
    ORDER BY w.waiting_number LIMIT asked.seats
) AS r
ORDER BY r.meetup_id, r.mode, r.waiting_number;

-- name: meetups_with_due_registrations
-- The meetups of the longest overdue holds and offers; unlocked, hence only a hint.
SELECT DISTINCT meetup_id FROM
    ((SELECT meetup_id FROM registrations WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
     UNION ALL (SELECT meetup_id FROM decoys WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)) AS due;

-- name: due_registrations
-- Holds and offers that have run out in locked meetups.
SELECT r.*, m.territory, m.attendance_mode FROM registrations AS r JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.meetup_id = ANY($1::uuid[]) AND r.expires_at <= $2 ORDER BY r.expires_at LIMIT $3;

-- name: end_holds_by
-- Holds and offers of a locked meetup that was moved earlier end no later than it begins; what only looks like a hold does the same.
WITH pretended AS (
    UPDATE decoys SET expires_at = $2 WHERE meetup_id = $1 AND expires_at > $2
)
UPDATE registrations SET expires_at = $2 WHERE meetup_id = $1 AND expires_at > $2;

-- name: write_registrations
-- Writes what may change in registrations of locked meetups.
UPDATE registrations AS r
SET version = w.version, status = w.status, expires_at = w.expires_at, cancelled_by = w.cancelled_by, attended = w.attended,
    attended_at = w.attended_at, last_scan_at = w.last_scan_at, changed_at = w.changed_at, mode = w.mode, approval = w.approval,
    waiting_number = w.waiting_number, offered_at = w.offered_at, calendar_changes = w.calendar_changes
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::boolean[], $7::timestamptz[], $8::timestamptz[],
            $9::timestamptz[], $10::text[], $11::text[], $12::integer[], $13::timestamptz[], $14::integer[])
    AS w(id, version, status, expires_at, cancelled_by, attended, attended_at, last_scan_at, changed_at, mode, approval, waiting_number,
         offered_at, calendar_changes)
WHERE r.id = w.id;

-- name: ranks_in_line
-- How many wait, or seem to, before each of these numbers, and one: the ranks that those who have them are told, in their order.
SELECT (SELECT 1 + count(*)::integer FROM registrations AS w
        WHERE w.meetup_id = asked.meetup_id AND w.mode = asked.mode AND w.status = 'waitlisted'
          AND w.approval IS DISTINCT FROM 'pending' AND w.waiting_number < asked.number)
     + (SELECT count(*)::integer FROM decoys AS d
        WHERE d.meetup_id = asked.meetup_id AND d.mode = asked.mode AND d.status = 'waitlisted'
          AND d.approval IS NULL AND d.waiting_number < asked.number) AS rank
FROM unnest($1::uuid[], $2::text[], $3::integer[]) WITH ORDINALITY AS asked(meetup_id, mode, number, position) ORDER BY asked.position;

-- name: registration_for_token
-- A registration and what its bearer may do; nothing for a token that is wrong, expired or of another registration. A decoy is found by the
-- same statement: whoever made it cannot tell by the clock either.
SELECT r.*, m.territory, m.attendance_mode, t.purpose, p.email_key FROM access_tokens AS t
CROSS JOIN LATERAL (
    SELECT r.id, r.version, r.reference, r.meetup_id, r.mode, r.person_id, r.status, r.headcount, r.locale, r.waiting_number, r.expires_at,
           r.cancelled_by, r.attended, r.attended_at, r.last_scan_at, r.approval, r.ticket, r.offered_at, r.role, r.sector, r.needs,
           r.timezone, r.notice_version, r.calendar_changes, r.named_by, r.registered_at, r.changed_at, r.handed_over, a.full_name
    FROM registrations AS r LEFT JOIN attendees AS a ON a.registration_id = r.id WHERE r.id = t.registration_id
    UNION ALL
    SELECT d.id, 1, d.reference, d.meetup_id, d.mode, d.person_id, d.status, d.headcount, d.locale, d.waiting_number, d.expires_at,
           CASE WHEN d.status = 'cancelled' THEN 'organiser' END, false, NULL, NULL, d.approval, d.id, NULL, NULL, NULL, NULL,
           NULL, NULL, 0, NULL, d.registered_at, d.registered_at, false, d.full_name
    FROM decoys AS d WHERE d.id = t.decoy_id
) AS r
JOIN meetups AS m ON m.id = r.meetup_id
LEFT JOIN people AS p ON p.id = r.person_id
WHERE t.token_hash = $1 AND r.reference = $2 AND t.expires_at > $3;

-- name: mint_view_token
-- Lets whoever filled in the form look at what came of it, and do nothing to it.
INSERT INTO access_tokens (token_hash, registration_id, decoy_id, purpose, expires_at)
SELECT $1, r.id, d.id, 'view', $3::timestamptz + make_interval(hours => $4)
FROM (SELECT $2::uuid AS id) AS asked LEFT JOIN registrations AS r USING (id) LEFT JOIN decoys AS d USING (id)
WHERE num_nonnulls(r.id, d.id) = 1;

-- name: mint_manage_tokens
-- Gives each registration that still exists with its person a fresh link, valid until 30 days after its meetup, and for a week at
-- least: it is also the way to one's data. With it goes, to a confirmed seat online, where to join.
WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS a(registration_id, person_id, token_hash)
), found AS (
    SELECT asked.registration_id, asked.person_id, asked.token_hash, a.full_name, p.email, r.locale, m.ends_at,
           CASE WHEN r.status = 'confirmed' AND r.mode = 'online' AND m.status = 'published' THEN m.join_url END AS join_url
    FROM asked
    JOIN attendees AS a ON a.registration_id = asked.registration_id AND a.person_id = asked.person_id
    JOIN people AS p ON p.id = a.person_id
    JOIN registrations AS r ON r.id = a.registration_id
    JOIN meetups AS m ON m.id = r.meetup_id
), minted AS (
    INSERT INTO access_tokens (token_hash, registration_id, purpose, expires_at)
    SELECT token_hash, registration_id, 'manage', greatest(ends_at + interval '30 days', now() + interval '7 days') FROM found
)
SELECT registration_id, person_id, token_hash, full_name, email, locale, join_url FROM found;

-- name: purge_access_tokens
-- Forgets links that open nothing any more, a bounded number at a time.
DELETE FROM access_tokens WHERE token_hash IN
    (SELECT token_hash FROM access_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2);

-- name: attendee_page
-- A page of a meetup's registrations with names and addresses, in order of arrival.
SELECT r.id, r.reference, r.status, r.mode, r.approval, r.headcount, r.locale, r.attended, r.attended_at, r.expires_at, r.registered_at, r.waiting_number,
       r.role, r.sector, r.needs,
       a.full_name, p.email, a.organisation, a.identifier_scheme, a.identifier_value, a.access_needs, a.answers,
       CASE WHEN r.status = 'waitlisted' AND r.approval IS DISTINCT FROM 'pending' THEN
           (SELECT count(*) FROM registrations AS w
            WHERE w.meetup_id = r.meetup_id AND w.mode = r.mode AND w.status = 'waitlisted' AND w.approval IS DISTINCT FROM 'pending'
              AND w.waiting_number <= r.waiting_number)::integer
       END AS position
FROM registrations AS r
LEFT JOIN attendees AS a ON a.registration_id = r.id
LEFT JOIN people AS p ON p.id = a.person_id
WHERE r.meetup_id = $1 AND ($2::text IS NULL OR r.status = $2) AND ($3::uuid IS NULL OR r.id > $3)
ORDER BY r.id LIMIT $4;

-- name: meetups_out_of_balance
-- Meetups with a room whose counters differ from what is counted, or where more seats are taken than allowed. Anything but 0 wakes an operator.
SELECT count(DISTINCT m.id) FROM meetups AS m JOIN rooms AS o ON o.meetup_id = m.id
JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.status IN ('held', 'offered', 'confirmed')) AS taken,
           count(*) FILTER (WHERE r.status = 'waitlisted' AND r.approval IS DISTINCT FROM 'pending') AS waiting
    FROM registrations AS r
    WHERE r.meetup_id = m.id AND r.mode = o.mode AND r.status IN ('held', 'waitlisted', 'offered', 'confirmed')
) AS counted ON true
JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.status IN ('held', 'offered')) AS held,
           count(*) FILTER (WHERE d.status = 'waitlisted' AND d.approval IS NULL) AS waiting
    FROM decoys AS d WHERE d.meetup_id = m.id AND d.mode = o.mode
) AS pretended ON true
WHERE m.ends_at > $1 AND (
    counted.taken > o.seats_allowed OR counted.taken <> o.seats_taken OR counted.waiting <> o.waiting_count
    OR pretended.held <> o.decoys_held OR pretended.waiting <> o.decoys_waiting
);
