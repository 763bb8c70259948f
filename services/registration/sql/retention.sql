-- name: due_unconfirmed
-- Names with registrations that expired before $1.
SELECT count(*)::integer AS count, min(r.changed_at) AS oldest
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id
WHERE r.status = 'expired' AND r.changed_at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id);

-- name: batch_unconfirmed
-- A batch of them.
SELECT a.registration_id, a.person_id FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id
WHERE r.status = 'expired' AND r.changed_at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id)
ORDER BY r.changed_at LIMIT $2;

-- name: due_named
-- Names that somebody else gave and their attendee never confirmed, given back or still waiting at a meetup that ended before $1.
SELECT count(*)::integer AS count, min(r.changed_at) AS oldest
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.named_by IS NOT NULL AND r.status IN ('cancelled', 'waitlisted') AND r.changed_at < $1
  AND (r.status = 'cancelled' OR m.ends_at < $1)
  AND NOT EXISTS (SELECT FROM confirmed_registrations AS k WHERE k.id = r.id)
  AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id);

-- name: batch_named
-- A batch of them.
SELECT a.registration_id, a.person_id FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.named_by IS NOT NULL AND r.status IN ('cancelled', 'waitlisted') AND r.changed_at < $1
  AND (r.status = 'cancelled' OR m.ends_at < $1)
  AND NOT EXISTS (SELECT FROM confirmed_registrations AS k WHERE k.id = r.id)
  AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id)
ORDER BY r.changed_at LIMIT $2;

-- name: due_attendance
-- Names with registrations for meetups that ended before $1.
SELECT count(*)::integer AS count, min(m.ends_at) AS oldest
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE m.ends_at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id);

-- name: batch_attendance
-- A batch of them.
SELECT a.registration_id, a.person_id FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE m.ends_at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id)
ORDER BY m.ends_at LIMIT $2;

-- name: detach_registrations
-- Takes the person off registrations: the counts stay, under an id that leads to nobody. When the person was last heard of is kept with
-- the person; a newsletter consent outlives the registration it came with, the others belong to its meetup and keep saying so. Where
-- nobody confirmed the address, somebody else may have typed it: no consent is kept. Called under the lock of the people.
WITH gone AS (
    DELETE FROM attendees AS a WHERE a.registration_id = ANY($1::uuid[])
      AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id)
    RETURNING a.registration_id, a.person_id
), heard AS (
    SELECT g.person_id, max(greatest(r.registered_at, r.attended_at)) AS at
    FROM gone AS g JOIN registrations AS r ON r.id = g.registration_id GROUP BY g.person_id
), kept AS (
    UPDATE people AS p SET last_contact_at = greatest(p.last_contact_at, heard.at) FROM heard WHERE p.id = heard.person_id
), links AS (
    DELETE FROM access_tokens AS t USING gone WHERE t.registration_id = gone.registration_id
), answers AS (
    DELETE FROM idempotency_keys AS k USING gone, registrations AS r
    WHERE r.id = gone.registration_id AND k.meetup_id = r.meetup_id AND k.registration_id = gone.registration_id
), confirmed AS (
    SELECT c.id FROM gone AS g JOIN confirmed_registrations AS c ON c.id = g.registration_id
), consented AS (
    UPDATE consents AS c SET registration_id = NULL FROM confirmed
    WHERE c.registration_id = confirmed.id AND c.purpose = 'newsletter'
), pretended AS (
    DELETE FROM consents AS c USING gone
    WHERE c.registration_id = gone.registration_id AND NOT EXISTS (SELECT FROM confirmed WHERE confirmed.id = c.registration_id)
)
UPDATE registrations AS r SET person_id = gen_random_uuid(), ticket = gen_random_uuid(), timezone = NULL FROM gone WHERE r.id = gone.registration_id;

-- name: due_access_needs
-- What people need to be welcomed, at meetups that ended before $1: it may speak of health, and has served.
SELECT count(*)::integer AS count, min(m.ends_at) AS oldest
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE a.access_needs IS NOT NULL AND m.ends_at < $1
  AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id);

-- name: forget_access_needs
-- Empties a batch of them.
UPDATE attendees SET access_needs = NULL WHERE registration_id IN (
    SELECT a.registration_id
    FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
    WHERE a.access_needs IS NOT NULL AND m.ends_at < $1
      AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = a.person_id)
    LIMIT $2 FOR UPDATE OF a SKIP LOCKED
);

-- name: due_scans
-- Scans at doors of meetups that ended before $1, devices and refused ones included; who came stays counted.
SELECT count(*)::integer AS count, min(m.ends_at) AS oldest FROM scans AS s JOIN meetups AS m ON m.id = s.meetup_id
WHERE m.ends_at < $1 AND NOT EXISTS (
    SELECT FROM attendees AS a JOIN legal_holds AS h USING (person_id) WHERE a.registration_id = s.registration_id);

-- name: forget_scans
-- Deletes a batch of them.
DELETE FROM scans WHERE scan_id IN (
    SELECT s.scan_id FROM scans AS s JOIN meetups AS m ON m.id = s.meetup_id
    WHERE m.ends_at < $1 AND NOT EXISTS (
        SELECT FROM attendees AS a JOIN legal_holds AS h USING (person_id) WHERE a.registration_id = s.registration_id)
    LIMIT $2 FOR UPDATE OF s SKIP LOCKED
);

-- name: due_consents
-- Consents of people last heard of before $1.
SELECT count(*)::integer AS count, min(l.at) AS oldest FROM consents AS c JOIN last_heard_of AS l USING (person_id)
WHERE l.at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = c.person_id);

-- name: forget_consents
-- Deletes a batch of them.
DELETE FROM consents WHERE id IN (
    SELECT c.id FROM consents AS c JOIN last_heard_of AS l USING (person_id)
    WHERE l.at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = c.person_id)
    LIMIT $2 FOR UPDATE OF c SKIP LOCKED
);

-- name: due_organiser_actions
-- What organisers did before $1, except where somebody held was on the list.
SELECT count(*)::integer AS count, min(o.acted_at) AS oldest FROM organiser_actions AS o
WHERE o.acted_at < $1 AND NOT EXISTS (
    SELECT FROM legal_holds AS h JOIN attendees AS a USING (person_id) JOIN registrations AS r ON r.id = a.registration_id
    WHERE o.target_id IN (r.meetup_id, r.id));

-- name: forget_organiser_actions
-- Deletes a batch of them.
DELETE FROM organiser_actions WHERE id IN (
    SELECT o.id FROM organiser_actions AS o
    WHERE o.acted_at < $1 AND NOT EXISTS (
        SELECT FROM legal_holds AS h JOIN attendees AS a USING (person_id) JOIN registrations AS r ON r.id = a.registration_id
        WHERE o.target_id IN (r.meetup_id, r.id))
    ORDER BY o.acted_at LIMIT $2 FOR UPDATE SKIP LOCKED
);

-- name: due_person_accesses
-- Uses of rights before $1.
SELECT count(*)::integer AS count, min(x.accessed_at) AS oldest FROM person_accesses AS x
WHERE x.accessed_at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = x.person_id);

-- name: forget_person_accesses
-- Deletes a batch of them.
DELETE FROM person_accesses WHERE id IN (
    SELECT x.id FROM person_accesses AS x
    WHERE x.accessed_at < $1 AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = x.person_id)
    ORDER BY x.accessed_at LIMIT $2 FOR UPDATE SKIP LOCKED
);

-- name: due_people
-- People whom nothing is kept for any more.
SELECT count(*)::integer AS count, min(created_at) AS oldest FROM left_over_people WHERE created_at < $1;

-- name: batch_people
-- A batch of them.
SELECT id FROM left_over_people WHERE created_at < $1 ORDER BY created_at LIMIT $2;

-- name: is_left_over
-- Whether that still holds of one person, asked under its lock.
SELECT EXISTS (SELECT FROM left_over_people WHERE id = $1) AS left_over;
