-- name: meetups_to_come
-- Published meetups that begin between two instants, with what their reminder depends on.
SELECT meetup_id, (state ->> 'starts_local')::timestamp AS starts_local, state ->> 'timezone' AS timezone, scheduled_at
FROM meetups WHERE state ->> 'status' = 'published' AND starts_at > $1 AND starts_at <= $2;

-- name: registrations_to_remind
-- Up to $4 confirmed registrations of these meetups ($1) that were confirmed in time ($2) and have no reminder of that day ($3) yet.
SELECT r.registration_id, r.person_id, r.meetup_id, r.reference
FROM unnest($1::uuid[], $2::timestamptz[], $3::date[]) AS due(meetup_id, confirmed_by, day)
JOIN registrations AS r ON r.meetup_id = due.meetup_id AND r.status = 'confirmed' AND r.confirmed_at <= due.confirmed_by
WHERE NOT EXISTS (
    SELECT FROM deliveries AS d
    WHERE d.kind = 'reminder' AND d.registration_id = r.registration_id AND d.facts ->> 'day' = due.day::text
)
ORDER BY r.meetup_id, r.registration_id LIMIT $4;
