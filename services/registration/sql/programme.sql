-- name: set_facets
-- What a locked meetup, or a new one, is searched by beside its own words.
UPDATE meetups SET audiences = $2, level = $3, sectors = $4, needs = $5, keywords = $6 WHERE id = $1;

-- name: name_organisers
-- Copies the names of their organisers to locked meetups, or new ones, which are found by them.
UPDATE meetups AS m SET held_by = (
    SELECT coalesce(string_agg(g.name, ' '), '') FROM meetup_organisers AS o JOIN organisations AS g ON g.id = o.organisation_id
    WHERE o.meetup_id = m.id
)
WHERE m.id = ANY($1::uuid[]);

-- name: lock_meetups_held_by
-- Locks the meetups of an organisation in the order of their ids, as everybody who needs several rows does.
SELECT m.id FROM meetups AS m JOIN meetup_organisers AS o ON o.meetup_id = m.id WHERE o.organisation_id = $1 ORDER BY m.id FOR UPDATE OF m;

-- name: note_move
-- Where a locked meetup stood until now.
INSERT INTO meetup_moves (meetup_id, moved_at, starts_at, starts_local, timezone) VALUES ($1, $2, $3, $4, $5);

-- name: programme_page
-- A page of published meetups by where they stood at the start of the walk: what is moved meanwhile is neither lost nor met twice.
SELECT s.*, t.stood_at
FROM (
    SELECT id, stood_at FROM programme_tested($1::programme_filter, $2)
    WHERE status = 'published' AND misses = '{}' AND ($3::timestamptz IS NULL OR (stood_at, id) > ($3, $4::uuid))
    ORDER BY stood_at, id LIMIT $5
) AS t JOIN meetup_sheets AS s USING (id)
ORDER BY t.stood_at, t.id;

-- name: programme_page_back
-- The same walk from the latest to the earliest.
SELECT s.*, t.stood_at
FROM (
    SELECT id, stood_at FROM programme_tested($1::programme_filter, $2)
    WHERE status = 'published' AND misses = '{}' AND ($3::timestamptz IS NULL OR (stood_at, id) < ($3, $4::uuid))
    ORDER BY stood_at DESC, id DESC LIMIT $5
) AS t JOIN meetup_sheets AS s USING (id)
ORDER BY t.stood_at DESC, t.id DESC;

-- name: programme_best
-- Published meetups that fit the words best: those with them in the title, then in the description, then elsewhere; each by start.
SELECT s.*, t.stood_at
FROM (
    SELECT id, stood_at, fit FROM programme_tested($1::programme_filter, $2)
    WHERE status = 'published' AND misses = '{}' ORDER BY fit, stood_at, id LIMIT $3
) AS t JOIN meetup_sheets AS s USING (id)
ORDER BY t.fit, t.stood_at, t.id;

-- name: programme_nearest
-- Published meetups, those closest to a wall time of the venue first.
SELECT s.*, t.stood_at
FROM (
    SELECT id, stood_at, abs(extract(epoch FROM starts_local - $3::timestamp)) AS away FROM programme_tested($1::programme_filter, $2)
    WHERE status = 'published' AND misses = '{}' ORDER BY away, id LIMIT $4
) AS t JOIN meetup_sheets AS s USING (id)
ORDER BY t.away, t.id;

-- name: programme_counts
-- How many published meetups pass all filters (null), and how many would if one filter were dropped.
SELECT misses[1] AS missed, count(*) AS meetups FROM programme_tested($1::programme_filter, $2)
WHERE status = 'published' AND cardinality(misses) <= 1 GROUP BY misses[1];

-- name: programme_feed
-- What a feed tells: published meetups, and those called off since a moment, so that whoever follows takes them out.
SELECT s.*, t.stood_at
FROM (
    SELECT id, stood_at FROM programme_tested($1::programme_filter, $2)
    WHERE misses = '{}' AND (status = 'published' OR status = 'cancelled' AND changed_at > $3)
    ORDER BY stood_at, id LIMIT $4
) AS t JOIN meetup_sheets AS s USING (id)
ORDER BY t.stood_at, t.id;

-- name: programme_month
-- The first meetups of each day of the venue, and how many that day has.
SELECT s.*, t.meetups
FROM (
    SELECT id, stood_at, starts_local::date AS day,
        row_number() OVER (PARTITION BY starts_local::date ORDER BY starts_local, id) AS place,
        count(*) OVER (PARTITION BY starts_local::date) AS meetups
    FROM programme_tested($1::programme_filter, $2) WHERE status = 'published' AND misses = '{}'
) AS t JOIN meetup_sheets AS s USING (id)
WHERE t.place <= $3
ORDER BY t.day, t.place;

-- name: programme_map
-- Addresses of published meetups that ended after a moment, for search engines.
SELECT m.slug, m.changed_at FROM programme_tested($1::programme_filter, $2) AS t JOIN meetups AS m USING (id)
WHERE t.status = 'published' ORDER BY t.stood_at, m.id LIMIT $3;
