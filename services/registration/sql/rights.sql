-- name: note_person_access
-- Notes that somebody had a person's data in hand.
INSERT INTO person_accesses (id, person_id, accessed_at, action, channel) VALUES ($1, $2, $3, $4, $5);

-- name: note_objection
-- Keeps the latest objection of a person.
INSERT INTO objections (person_id, objected_at) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET objected_at = excluded.objected_at;

-- name: hold_person
-- Keeps a person from being erased; a second hold replaces the file.
INSERT INTO legal_holds (person_id, file, held_at) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET file = excluded.file, held_at = excluded.held_at;

-- name: release_person
-- Lets a person be erased again.
DELETE FROM legal_holds WHERE person_id = $1 RETURNING person_id;

-- name: hold_of_person
-- Why a person may not be erased, if so.
SELECT file, held_at FROM legal_holds WHERE person_id = $1;

-- name: consents_of_person
-- Every consent of a person, withdrawn ones included, and whether it counts.
SELECT id, registration_id, purpose, text_version, locale, given_at, withdrawn_at, channel, confirmed
FROM consents_with_proof WHERE person_id = $1 ORDER BY given_at, id;

-- name: withdraw_consents
-- Ends what still holds of these purposes.
UPDATE consents SET withdrawn_at = greatest($3, given_at)
WHERE person_id = $1 AND purpose = ANY($2::text[]) AND withdrawn_at IS NULL RETURNING id;

-- name: person_overview
-- Where a person is reached, and whether they objected or are held.
SELECT p.email, o.objected_at, EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = p.id) AS held
FROM people AS p LEFT JOIN objections AS o ON o.person_id = p.id WHERE p.id = $1;

-- name: registrations_overview
-- What a person registered for, the latest meetup first.
SELECT r.id, r.reference, r.status, m.title, m.slug, m.starts_local, a.full_name
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE a.person_id = $1 ORDER BY m.starts_at DESC, r.id;
