-- name: note_link_request
-- Keeps a question for somebody's links: the same row for an address that is known and one that is not.
INSERT INTO link_requests (id, person_id, reason, locale, requested_at)
VALUES ($1, (SELECT id FROM people WHERE email_key = $2), 'asked', $3, $4);

-- name: take_link_requests
-- Takes the oldest questions away, to be answered in this transaction. Several workers take different ones.
WITH oldest AS (SELECT id FROM link_requests ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
DELETE FROM link_requests AS q USING oldest WHERE q.id = oldest.id RETURNING q.id, q.person_id, q.reason, q.locale;

-- name: claim_link_mails
-- Of these people and reasons, those who still exist and were not written to for that reason since $4; from now on they were. Held against
-- an erasure at this moment.
WITH known AS (
    SELECT p.id, q.reason FROM unnest($1::uuid[], $2::text[]) AS q(person_id, reason) JOIN people AS p ON p.id = q.person_id
    ORDER BY p.id, q.reason FOR KEY SHARE OF p
)
INSERT INTO link_mails AS m (person_id, reason, told_at) SELECT id, reason, $3 FROM known
ON CONFLICT (person_id, reason) DO UPDATE SET told_at = excluded.told_at WHERE m.told_at <= $4 RETURNING person_id, reason;

-- name: registrations_to_find_again
-- Active registrations of these people to meetups that are not over since before $2; where there is none, their last one of all, since
-- every mailed link is also the way to one's data.
SELECT person_id, id FROM (
    SELECT a.person_id, r.id, m.starts_at, f.found,
           bool_or(f.found) OVER (PARTITION BY a.person_id) AS any_found,
           row_number() OVER (PARTITION BY a.person_id ORDER BY r.registered_at DESC, r.id DESC) AS age
    FROM attendees AS a
    JOIN registrations AS r ON r.id = a.registration_id
    JOIN meetups AS m ON m.id = r.meetup_id
    CROSS JOIN LATERAL (
        SELECT r.status IN ('held', 'waitlisted', 'offered', 'confirmed') AND m.ends_at > $2 AS found
    ) AS f
    WHERE a.person_id = ANY($1::uuid[])
) AS theirs
WHERE found OR (NOT any_found AND age = 1) ORDER BY person_id, starts_at, id;
