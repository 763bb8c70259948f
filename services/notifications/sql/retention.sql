-- name: keep_hold
-- Notes that somebody is held for a legal claim.
INSERT INTO legal_holds (person_id, held_at) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET held_at = excluded.held_at;

-- name: drop_hold
-- Notes that somebody is held no longer.
DELETE FROM legal_holds WHERE person_id = $1;

-- name: due_mails
-- Mails that were done before $1, except those to or about somebody held.
SELECT count(*)::integer AS count, min(d.finished_at) AS oldest FROM deliveries AS d
LEFT JOIN registrations AS r ON r.registration_id = d.registration_id
WHERE d.status <> 'waiting' AND d.finished_at < $1
  AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id IN (d.recipient_id, r.person_id));

-- name: forget_mails
-- Deletes a batch of them, with the counts that a summary told of. The inbox stays: an old event that comes again sends no second mail.
WITH due AS (
    SELECT d.id FROM deliveries AS d LEFT JOIN registrations AS r ON r.registration_id = d.registration_id
    WHERE d.status <> 'waiting' AND d.finished_at < $1
      AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id IN (d.recipient_id, r.person_id))
    ORDER BY d.finished_at LIMIT $2 FOR UPDATE OF d SKIP LOCKED
), told AS (
    DELETE FROM summary_counts AS c USING due WHERE c.delivery_id = due.id
)
DELETE FROM deliveries AS d USING due WHERE d.id = due.id;

-- name: due_registration_copies
-- Copies of registrations for meetups that ended before $1.
SELECT count(*)::integer AS count, min((m.state ->> 'ends_at')::timestamptz) AS oldest
FROM registrations AS r JOIN meetups AS m ON m.meetup_id = r.meetup_id
WHERE (m.state ->> 'ends_at')::timestamptz < $1
  AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = r.person_id);

-- name: forget_registration_copies
-- Deletes a batch of them.
DELETE FROM registrations WHERE registration_id IN (
    SELECT r.registration_id FROM registrations AS r JOIN meetups AS m ON m.meetup_id = r.meetup_id
    WHERE (m.state ->> 'ends_at')::timestamptz < $1
      AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = r.person_id)
    LIMIT $2 FOR UPDATE OF r SKIP LOCKED
);
