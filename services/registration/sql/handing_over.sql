-- name: other_registration
-- What a person has active in a meetup, read under its lock.
SELECT r.*, m.territory, m.attendance_mode FROM registrations AS r JOIN meetups AS m ON m.id = r.meetup_id
WHERE r.person_id = $1 AND r.meetup_id = $2 AND r.status IN ('held', 'waitlisted', 'offered', 'confirmed');

-- name: record_hand_over
-- Writes the registration of whoever is handed a seat. As in `record_admissions`, an address that came in meanwhile fails on the reference
-- to its person, unnamed, and is decided again.
WITH newcomer AS (
    INSERT INTO people (id, email, email_key, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
), registered AS (
    INSERT INTO registrations
        (id, version, reference, meetup_id, mode, person_id, status, headcount, locale, expires_at, sector, named_by, registered_at, changed_at)
    VALUES ($5, 1, $6, $7, $8, $1, 'held', $9, $10, $11, $12, 'predecessor', $4, $4)
)
INSERT INTO attendees (registration_id, person_id, full_name) VALUES ($5, $1, $13);

-- name: note_handed_over
-- Keeps that a seat was handed over, for its giver's page.
UPDATE registrations SET handed_over = true WHERE id = $1;
