-- name: figures_by
-- Sums over the meetups chosen ($2 territory, $3 to $4 days on the venue's calendar), one row for each $1: `meetup`, `territory`, `month`,
-- or `all`. Of meetups at most $6 rows: those with registrations first, then those nearest to now ($5), and how many there are in all.
-- A private meetup counts in every sum, and is a line of its own nowhere: whoever has no invitation does not learn that there is one.
WITH chosen AS (
    SELECT m.*, (m.status = 'published') AS takes_place, (m.status = 'published' AND m.ends_at <= $5::timestamptz) AS ended,
        CASE $1::text WHEN 'meetup' THEN m.meetup_id::text WHEN 'territory' THEN m.territory
                      WHEN 'month' THEN to_char(m.starts_local, 'YYYY-MM') ELSE 'all' END AS key
    FROM live.meetup_facts AS m
    WHERE ($2::text IS NULL OR m.territory = $2)
      AND ($3::date IS NULL OR m.starts_local >= $3)
      AND ($4::date IS NULL OR m.starts_local < $4 + 1)
      AND NOT ($1 = 'meetup' AND m.private)
),
people AS (
    SELECT meetup_id, sum(registrations) AS registrations, sum(held) AS held, sum(waiting) AS waiting, sum(offered) AS offered,
        sum(confirmed) AS confirmed, sum(cancelled) AS cancelled, sum(expired) AS expired, sum(attended) AS attended
    FROM live.counts WHERE meetup_id IN (SELECT meetup_id FROM chosen) GROUP BY meetup_id
)
SELECT key,
    count(*) OVER ()                                                                AS lines,
    count(*) FILTER (WHERE takes_place)                                             AS meetups,
    count(*) FILTER (WHERE ended)                                                   AS meetups_ended,
    count(*) FILTER (WHERE NOT takes_place)                                         AS meetups_cancelled,
    coalesce(sum(capacity) FILTER (WHERE takes_place), 0)                           AS capacity,
    coalesce(sum(seats_allowed) FILTER (WHERE takes_place), 0)                      AS seats_allowed,
    coalesce(sum(registrations), 0)::bigint                                         AS registrations,
    coalesce(sum(held), 0)::bigint                                                  AS held,
    coalesce(sum(waiting), 0)::bigint                                               AS waiting,
    coalesce(sum(offered), 0)::bigint                                               AS offered,
    coalesce(sum(confirmed), 0)::bigint                                             AS confirmed,
    coalesce(sum(cancelled), 0)::bigint                                             AS cancelled,
    coalesce(sum(expired), 0)::bigint                                               AS expired,
    coalesce(sum(attended), 0)::bigint                                              AS attended,
    coalesce(sum(confirmed) FILTER (WHERE ended), 0)::bigint                        AS expected,
    coalesce(sum(confirmed - attended) FILTER (WHERE ended), 0)::bigint             AS no_show
FROM chosen LEFT JOIN people USING (meetup_id)
GROUP BY key
ORDER BY CASE WHEN $1 = 'meetup' THEN coalesce(sum(registrations), 0) = 0 END,
         CASE WHEN $1 = 'meetup' THEN abs(extract(epoch FROM min(starts_at) - $5)) END, key
LIMIT $6;

-- name: figures_by_size
-- Sums over all meetups, one row for each band of headcount. Seats belong to no band.
SELECT c.headcount AS key, sum(c.registrations)::bigint AS registrations, sum(c.held)::bigint AS held, sum(c.waiting)::bigint AS waiting,
    sum(c.offered)::bigint AS offered, sum(c.confirmed)::bigint AS confirmed, sum(c.cancelled)::bigint AS cancelled,
    sum(c.expired)::bigint AS expired, sum(c.attended)::bigint AS attended,
    coalesce(sum(c.confirmed) FILTER (WHERE m.status = 'published' AND m.ends_at <= $1::timestamptz), 0)::bigint AS expected,
    coalesce(sum(c.confirmed - c.attended) FILTER (WHERE m.status = 'published' AND m.ends_at <= $1), 0)::bigint AS no_show
FROM live.counts AS c JOIN live.meetup_facts AS m USING (meetup_id)
GROUP BY c.headcount;

-- name: meetups_named
-- What a list of meetups is labelled with.
SELECT meetup_id, slug, title, territory, starts_local, status, demo FROM live.meetup_facts WHERE meetup_id = ANY($1::uuid[]);

-- name: months_and_territories
-- What a filter can offer: every month and every territory that has a meetup, and whether any of them is made up.
SELECT array_agg(DISTINCT to_char(starts_local, 'YYYY-MM')) AS months, array_agg(DISTINCT territory) AS territories,
    coalesce(bool_or(demo), false) AS demo
FROM live.meetup_facts;

-- name: freshness
-- How far the live set has come, and how many registrations wait for the event of their meetup: they are in no figure yet.
SELECT (SELECT last_event_at FROM live.checkpoint) AS last_event_at, (SELECT applied_at FROM live.checkpoint) AS applied_at,
    (SELECT coalesce(sum(registrations), 0)::bigint FROM live.counts
     WHERE NOT EXISTS (SELECT FROM live.meetup_facts AS m WHERE m.meetup_id = counts.meetup_id)) AS unplaced;
