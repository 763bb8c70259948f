-- name: offers_on_waiting_lists
-- Of the last waiting lists of meetups that have begun ($1 now; made-up ones by themselves), how many offered at least $3 seats in the
-- last $2 days before the start. Where organisers approve each request, an offer says nothing about seats given back: left out.
SELECT count(*)::integer AS base, count(*) FILTER (WHERE offers.made >= $3)::integer AS reached
FROM (
    SELECT w.meetup_id, w.mode, m.starts_at
    FROM rooms AS w JOIN meetups AS m ON m.id = w.meetup_id
    WHERE m.status = 'published' AND NOT m.approval AND m.demo = $4 AND m.starts_at <= $1 AND m.starts_at > $1 - interval '1 year'
      AND EXISTS (SELECT FROM registrations AS r
                  WHERE r.meetup_id = w.meetup_id AND r.mode = w.mode AND r.waiting_number IS NOT NULL)
    ORDER BY m.starts_at DESC LIMIT $5
) AS list
CROSS JOIN LATERAL (
    SELECT count(*) AS made FROM registrations AS r
    WHERE r.meetup_id = list.meetup_id AND r.mode = list.mode AND r.offered_at >= list.starts_at - make_interval(days => $2)
) AS offers;
