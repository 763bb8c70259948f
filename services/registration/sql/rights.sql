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

-- name: withdraw_consents
-- Ends what still holds of these purposes.
UPDATE consents SET withdrawn_at = greatest($3, given_at)
WHERE person_id = $1 AND purpose = ANY($2::text[]) AND withdrawn_at IS NULL RETURNING id;
