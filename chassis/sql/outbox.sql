-- name: stage_events
-- Writes events into the log and notes them in the outbox, in the order of the arrays; positions are drawn under the caller's locks.
WITH staged AS (
    SELECT nextval('event_position') AS position, clock_timestamp() AS recorded_at, event.*
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::jsonb[], $6::text[])
        AS event(id, type, aggregate_id, subject, headers, body)
), logged AS (
    INSERT INTO event_log (position, recorded_at, id, type, aggregate_id, subject, headers, body)
    SELECT position, recorded_at, id, type, aggregate_id, subject, headers, body FROM staged
)
INSERT INTO outbox (position, recorded_at) SELECT position, recorded_at FROM staged;

-- name: next_events
-- The oldest events that the broker has not acknowledged. Rows are removed, never skipped by a cursor: a late commit is not lost.
SELECT o.position, e.id, e.subject, e.headers, e.body
FROM (SELECT position, recorded_at FROM outbox ORDER BY position LIMIT $1) AS o
JOIN event_log AS e ON e.recorded_at = o.recorded_at AND e.position = o.position
ORDER BY o.position;

-- name: settle_published
-- Takes acknowledged events out of the outbox (the log keeps them) and, in the same breath, remembers where the stream stood after them.
WITH published AS (
    DELETE FROM outbox WHERE position = ANY($1::bigint[])
)
INSERT INTO relay_checkpoints (position, event_id, stream_sequence, stream_created) VALUES ($2, $3, $4, $5);

-- name: outbox_backlog
-- How many events wait for the broker, and for how many seconds the oldest has.
SELECT count(*) AS rows, coalesce(extract(epoch FROM now() - min(recorded_at)), 0)::float8 AS age FROM outbox;

-- name: thin_checkpoints
-- Keeps every checkpoint of the last minute, one a minute of the last hour, one an hour of what is older; the newest always.
DELETE FROM relay_checkpoints AS c
WHERE c.taken_at < now() - interval '1 minute'
  AND EXISTS (
      SELECT FROM relay_checkpoints AS o
      WHERE o.taken_at > c.taken_at
        AND date_trunc(CASE WHEN c.taken_at < now() - interval '1 hour' THEN 'hour' ELSE 'minute' END, o.taken_at)
          = date_trunc(CASE WHEN c.taken_at < now() - interval '1 hour' THEN 'hour' ELSE 'minute' END, c.taken_at)
  );

-- name: newest_checkpoint
-- The furthest the stream is known to have been.
SELECT taken_at, position, event_id, stream_sequence, stream_created FROM relay_checkpoints ORDER BY taken_at DESC LIMIT 1;

-- name: checkpoint_to_resume_from
-- The newest checkpoint that this very stream still holds, less a margin ($3) for transactions that were open when it was taken.
SELECT position, event_id, stream_sequence FROM relay_checkpoints
WHERE taken_at <= (SELECT max(taken_at) FROM relay_checkpoints WHERE stream_created = $1 AND stream_sequence <= $2) - $3::interval
  AND stream_created = $1
ORDER BY taken_at DESC LIMIT 1;

-- name: forget_checkpoints_of_other_streams
-- After the log was published again, the records of a stream that no longer exists are worth nothing.
DELETE FROM relay_checkpoints WHERE stream_created <> $1 OR stream_sequence > $2;

-- name: stage_again
-- Puts events of the log back into the outbox, from a position on; the relay publishes them in order, the broker drops what it still knows.
INSERT INTO outbox (position, recorded_at)
SELECT position, recorded_at FROM event_log WHERE position > $1 ON CONFLICT DO NOTHING;

-- name: count_events_since
-- How many events a republishing from this instant (null: all) would bring.
SELECT count(*) FROM event_log WHERE $1::timestamptz IS NULL OR recorded_at >= $1;

-- name: stage_events_since
-- Puts the events recorded since an instant (null: all) back into the outbox.
INSERT INTO outbox (position, recorded_at)
SELECT position, recorded_at FROM event_log WHERE $1::timestamptz IS NULL OR recorded_at >= $1 ON CONFLICT DO NOTHING;

-- name: ensure_event_log_months
-- Makes the partitions of this month and the next ones.
SELECT ensure_event_log_months($1);
