-- name: record_decoys
-- Writes what was answered to addresses that were registered already, as first answers of their keys, and has each of them told by mail.
WITH made AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[],
        $12::integer[], $13::text[], $14::text[], $15::bytea[], $16::text[]
    ) AS d(id, reference, meetup_id, mode, person_id, full_name, status, headcount, locale, expires_at, waiting_number, approval, key,
           request_hash, response)
), kept AS (
    INSERT INTO decoys
        (id, reference, meetup_id, mode, person_id, full_name, status, headcount, locale, expires_at, waiting_number, approval, registered_at)
    SELECT id, reference, meetup_id, mode, person_id, full_name, status, headcount, locale, expires_at, waiting_number, approval, $1 FROM made
), answered AS (
    INSERT INTO idempotency_keys (meetup_id, key, request_hash, response, registration_id, created_at)
    SELECT meetup_id, key, request_hash, response, id, $1 FROM made
)
INSERT INTO link_requests (id, person_id, reason, locale, requested_at)
SELECT id, person_id, 'registered_again', locale, $1 FROM made;

-- name: note_registered_again
-- Has somebody told by mail that their address was used once more.
INSERT INTO link_requests (id, person_id, reason, locale, requested_at) VALUES ($1, $2, 'registered_again', $3, $4);

-- name: offer_decoys
-- Has decoys of locked rooms look as if offered a seat until $5: all before number $3 of their line, and as many of its first as there
-- are seats ($4). Tells how many of each room.
WITH offered AS (
    UPDATE decoys AS d SET status = 'offered', expires_at = room.until
    FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::timestamptz[]) AS room(meetup_id, mode, number, seats, until)
    WHERE d.meetup_id = room.meetup_id AND d.mode = room.mode AND d.status = 'waitlisted' AND d.approval IS NULL
      AND (d.waiting_number < room.number OR d.id IN (
          SELECT id FROM decoys AS w
          WHERE w.meetup_id = room.meetup_id AND w.mode = room.mode AND w.status = 'waitlisted' AND w.approval IS NULL
          ORDER BY w.waiting_number LIMIT room.seats))
    RETURNING d.meetup_id, d.mode
)
SELECT meetup_id, mode, count(*)::integer AS decoys FROM offered GROUP BY meetup_id, mode;

-- name: expire_decoys
-- Ends what only seemed held or offered in locked meetups and has run out. Tells how many of each room.
WITH expired AS (
    UPDATE decoys SET status = 'expired', expires_at = NULL WHERE meetup_id = ANY($1::uuid[]) AND expires_at <= $2
    RETURNING meetup_id, mode
)
SELECT meetup_id, mode, count(*)::integer AS decoys FROM expired GROUP BY meetup_id, mode;

-- name: cancel_decoys
-- Calls off what only seemed to come to locked meetups.
UPDATE decoys SET status = 'cancelled', expires_at = NULL WHERE meetup_id = ANY($1::uuid[]) AND status IN ('held', 'waitlisted', 'offered');

-- name: purge_decoys
-- Forgets decoys that no link opens any more, a bounded number at a time. Those that count in what is shown stay, as numbers that name
-- nobody, until no link of a registration behind them opens either.
WITH old AS (
    SELECT d.id, d.status IN ('held', 'waitlisted', 'offered') AND d.approval IS NULL AND m.ends_at > $2 AS counts
    FROM decoys AS d JOIN meetups AS m ON m.id = d.meetup_id
    WHERE d.registered_at < $1
      AND (d.person_id IS NOT NULL OR m.ends_at <= $2 OR d.status NOT IN ('held', 'waitlisted', 'offered') OR d.approval IS NOT NULL)
    ORDER BY d.registered_at LIMIT $3
), unnamed AS (
    UPDATE decoys AS d SET person_id = NULL, full_name = NULL FROM old WHERE d.id = old.id AND old.counts
)
DELETE FROM decoys AS d USING old WHERE d.id = old.id AND NOT old.counts;
