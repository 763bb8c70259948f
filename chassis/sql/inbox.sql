-- name: mark_first_seen
-- Notes events as received and returns those that were not there before.
INSERT INTO inbox (consumer, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING event_id;
