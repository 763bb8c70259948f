-- name: record_decoys
-- Writes what was answered to addresses that were registered already, as first answers of their keys, and has each of them told by mail.
WITH made AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::integer[],
        $12::text[], $13::text[], $14::bytea[], $15::text[]
    ) AS d(id, reference, meetup_id, mode, person_id, full_name, headcount, locale, expires_at, waiting_number, approval, key, request_hash,
           response)
), kept AS (
    INSERT INTO decoys
        (id, reference, meetup_id, mode, person_id, full_name, headcount, locale, expires_at, waiting_number, approval, registered_at)
    SELECT id, reference, meetup_id, mode, person_id, full_name, headcount, locale, expires_at, waiting_number, approval, $1 FROM made
), answered AS (
    INSERT INTO idempotency_keys (meetup_id, key, request_hash, response, registration_id, created_at)
    SELECT meetup_id, key, request_hash, response, id, $1 FROM made
)
INSERT INTO link_requests (id, person_id, reason, locale, requested_at)
SELECT id, person_id, 'registered_again', locale, $1 FROM made;

-- name: note_registered_again
-- Has somebody told by mail that their address was used once more.
INSERT INTO link_requests (id, person_id, reason, locale, requested_at) VALUES ($1, $2, 'registered_again', $3, $4);

-- name: purge_decoys
-- Forgets decoys that no link opens any more, a bounded number at a time.
DELETE FROM decoys WHERE id IN (SELECT id FROM decoys WHERE registered_at < $1 ORDER BY registered_at LIMIT $2);
