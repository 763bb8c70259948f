-- name: person_by_email
-- Who has this address.
SELECT id FROM people WHERE email_key = $1;

-- name: lock_person
-- Holds a person against a registration made at the same moment.
SELECT id FROM people WHERE id = $1 FOR UPDATE;

-- name: lock_people
-- Holds several, in the one order in which everybody takes them. Registering anew, which only refers to them, goes on.
SELECT id FROM people WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE;

-- name: person_record
-- Whether there is such a person.
SELECT id FROM people WHERE id = $1;

-- name: registrations_of_person
-- Which registrations are a person's.
SELECT registration_id FROM attendees WHERE person_id = $1;

-- name: erasable_registrations
-- Those of a person's registrations that are still active and whose meetup has not begun: erasing gives them back.
SELECT r.*, m.territory, m.attendance_mode FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE a.person_id = $1 AND m.starts_at > $2 AND r.status IN ('held', 'waitlisted', 'offered', 'confirmed') ORDER BY r.id;

-- name: forget_person
-- Deletes a person with names, links and first answers. Decoys stay as numbers that name nobody, registrations under an id and with a ticket that lead to nobody, as
-- `detach_registrations` leaves them; what was told of them before carries the old id.
WITH theirs AS (
    SELECT a.registration_id, r.meetup_id FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id WHERE a.person_id = $1
    UNION ALL SELECT id, meetup_id FROM decoys WHERE person_id = $1
), links AS (
    DELETE FROM access_tokens AS t USING theirs WHERE t.registration_id = theirs.registration_id OR t.decoy_id = theirs.registration_id
), answers AS (
    DELETE FROM idempotency_keys AS k USING theirs WHERE k.meetup_id = theirs.meetup_id AND k.registration_id = theirs.registration_id
), questions AS (
    DELETE FROM link_requests AS q WHERE q.person_id = $1
), counted AS (
    UPDATE registrations AS r SET person_id = gen_random_uuid(), ticket = gen_random_uuid(), timezone = NULL
    FROM theirs WHERE r.id = theirs.registration_id
), pretended AS (
    UPDATE decoys SET person_id = NULL, full_name = NULL WHERE person_id = $1
)
DELETE FROM people WHERE id = $1;
