-- name: claim_rebuild
-- Lets one rebuild run at a time; held by the session.
SELECT pg_try_advisory_lock(hashtext('analytics.rebuild'));

-- name: start_rebuilt_set
-- Makes the empty set of tables, away with what an interrupted rebuild left.
SELECT public.start_rebuilt_set();

-- name: compare_registrations
-- Facts of registrations in which the sets differ: how, how many, and three of them.
SELECT kind, count(*) AS number, (array_agg(id::text ORDER BY id))[1:3] AS examples
FROM (
    SELECT coalesce(l.registration_id, r.registration_id) AS id,
        CASE WHEN r.registration_id IS NULL OR l.version > r.version THEN 'only in live'
             WHEN l.registration_id IS NULL OR l.version < r.version THEN 'not yet in live'
             WHEN ROW(l.*) IS DISTINCT FROM ROW(r.*) THEN 'different' END AS kind
    FROM live.registration_facts AS l FULL JOIN rebuilt.registration_facts AS r USING (registration_id)
) AS compared
WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind;

-- name: compare_meetups
-- The same for facts of meetups.
SELECT kind, count(*) AS number, (array_agg(id::text ORDER BY id))[1:3] AS examples
FROM (
    SELECT coalesce(l.meetup_id, r.meetup_id) AS id,
        CASE WHEN r.meetup_id IS NULL OR l.version > r.version THEN 'only in live'
             WHEN l.meetup_id IS NULL OR l.version < r.version THEN 'not yet in live'
             WHEN ROW(l.*) IS DISTINCT FROM ROW(r.*) THEN 'different' END AS kind
    FROM live.meetup_facts AS l FULL JOIN rebuilt.meetup_facts AS r USING (meetup_id)
) AS compared
WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind;

-- name: wrong_sums
-- Sums of the set that the transaction has entered which are not what counting its facts gives.
SELECT 'wrong sum' AS kind, count(*) AS number, (array_agg(meetup_id || ' ' || headcount ORDER BY meetup_id, headcount))[1:3] AS examples
FROM counts AS kept FULL JOIN (
    SELECT meetup_id, headcount, count(*) AS registrations,
        count(*) FILTER (WHERE status = 'held') AS held, count(*) FILTER (WHERE status = 'waitlisted') AS waiting,
        count(*) FILTER (WHERE status = 'offered') AS offered, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(*) FILTER (WHERE status = 'expired') AS expired,
        count(*) FILTER (WHERE status = 'confirmed' AND attended) AS attended
    FROM registration_facts GROUP BY meetup_id, headcount
) AS counted USING (meetup_id, headcount)
WHERE (coalesce(kept.registrations, 0), coalesce(kept.held, 0), coalesce(kept.waiting, 0), coalesce(kept.offered, 0),
       coalesce(kept.confirmed, 0), coalesce(kept.cancelled, 0), coalesce(kept.expired, 0), coalesce(kept.attended, 0))
   IS DISTINCT FROM
      (coalesce(counted.registrations, 0), coalesce(counted.held, 0), coalesce(counted.waiting, 0), coalesce(counted.offered, 0),
       coalesce(counted.confirmed, 0), coalesce(counted.cancelled, 0), coalesce(counted.expired, 0), coalesce(counted.attended, 0))
HAVING count(*) > 0;

-- name: put_rebuilt_set_in_place
-- Renames: the live set is kept as $1, the rebuilt one is live. Readers see one or the other.
SELECT public.put_rebuilt_set_in_place($1);

-- name: drop_rebuilt_set
-- Away with a set that was filled for comparison only, or is not to be used.
DROP SCHEMA IF EXISTS rebuilt CASCADE;

-- name: old_sets
-- Sets that rebuilds have replaced and kept.
SELECT nspname::text AS name FROM pg_namespace WHERE nspname ~ '^old_[0-9]+$' ORDER BY 1;

-- name: drop_old_sets
-- Deletes them.
SELECT public.drop_old_sets();
