-- name: enter_set
-- Makes the transaction the only writer of a set of tables, and lets its statements mean that set. A statement of its own: the next one must
-- look its tables up after the wait, because a rebuild may have put another set in place meanwhile.
SELECT pg_advisory_xact_lock(hashtext('analytics.set.' || $1)), set_config('search_path', $1, true);

-- name: project
-- Takes one batch, already reduced to the highest version of each id. A fact moves to a higher version only, so order and repetition
-- change nothing; what each fact was (old) and is (new) gives the difference for the sums, in the same statement.
WITH meetups AS (
    INSERT INTO meetup_facts AS fact (
        meetup_id, version, slug, title, status, territory, starts_local, starts_at, ends_at, capacity, seats_allowed, demo, private
    )
    SELECT * FROM unnest(
        $1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamp[], $8::timestamptz[],
        $9::timestamptz[], $10::int[], $11::int[], $12::bool[], $13::bool[]
    ) AS incoming(meetup_id) ORDER BY meetup_id
    ON CONFLICT (meetup_id) DO UPDATE SET
        version = excluded.version, slug = excluded.slug, title = excluded.title, status = excluded.status,
        territory = excluded.territory, starts_local = excluded.starts_local, starts_at = excluded.starts_at,
        ends_at = excluded.ends_at, capacity = excluded.capacity, seats_allowed = excluded.seats_allowed, demo = excluded.demo,
        private = excluded.private
    WHERE excluded.version > fact.version
    RETURNING 1
),
registrations AS (
    INSERT INTO registration_facts AS fact (registration_id, version, meetup_id, headcount, status, attended, registered_at)
    SELECT * FROM unnest($14::uuid[], $15::int[], $16::uuid[], $17::text[], $18::text[], $19::bool[], $20::timestamptz[])
        AS incoming(registration_id) ORDER BY registration_id
    ON CONFLICT (registration_id) DO UPDATE SET
        version = excluded.version, meetup_id = excluded.meetup_id, headcount = excluded.headcount, status = excluded.status,
        attended = excluded.attended, registered_at = excluded.registered_at
    WHERE excluded.version > fact.version
    RETURNING
        old.version AS old_version, old.meetup_id AS old_meetup, old.headcount AS old_headcount, old.status AS old_status,
        old.attended AS old_attended,
        new.meetup_id AS new_meetup, new.headcount AS new_headcount, new.status AS new_status, new.attended AS new_attended
),
differences AS (
    SELECT
        side.meetup_id, side.headcount,
        sum(side.sign)                                                                AS registrations,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'held'), 0)               AS held,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'waitlisted'), 0)         AS waiting,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'offered'), 0)            AS offered,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'confirmed'), 0)          AS confirmed,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'cancelled'), 0)          AS cancelled,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'expired'), 0)            AS expired,
        coalesce(sum(side.sign) FILTER (WHERE side.status = 'confirmed' AND side.attended), 0) AS attended
    FROM registrations AS r, LATERAL (
        VALUES (1, r.new_meetup, r.new_headcount, r.new_status, r.new_attended),
               (-1, r.old_meetup, r.old_headcount, r.old_status, r.old_attended)
    ) AS side(sign, meetup_id, headcount, status, attended)
    WHERE side.sign = 1 OR r.old_version IS NOT NULL
    GROUP BY side.meetup_id, side.headcount
),
sums AS (
    INSERT INTO counts AS mine (
        meetup_id, headcount, registrations, held, waiting, offered, confirmed, cancelled, expired, attended
    )
    SELECT meetup_id, headcount, registrations, held, waiting, offered, confirmed, cancelled, expired, attended
    FROM differences ORDER BY meetup_id, headcount
    ON CONFLICT (meetup_id, headcount) DO UPDATE SET
        registrations = mine.registrations + excluded.registrations, held = mine.held + excluded.held,
        waiting = mine.waiting + excluded.waiting, offered = mine.offered + excluded.offered,
        confirmed = mine.confirmed + excluded.confirmed, cancelled = mine.cancelled + excluded.cancelled,
        expired = mine.expired + excluded.expired, attended = mine.attended + excluded.attended
),
reached AS (
    INSERT INTO checkpoint AS mine (last_event_at, applied_at) VALUES ($21::timestamptz, clock_timestamp())
    ON CONFLICT (only_row) DO UPDATE SET
        last_event_at = greatest(mine.last_event_at, excluded.last_event_at), applied_at = excluded.applied_at
)
SELECT (SELECT count(*) FROM meetups) + (SELECT count(*) FROM registrations) AS changed;
