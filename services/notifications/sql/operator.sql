-- name: backlog
-- For the operators: mails due, seconds the oldest has been due, mails given up.
SELECT (SELECT count(*) FROM deliveries WHERE status = 'waiting' AND due_at <= $1) AS waiting,
       coalesce((SELECT extract(epoch FROM $1 - min(due_at)) FROM deliveries WHERE status = 'waiting' AND due_at <= $1), 0)::float8 AS age,
       (SELECT count(*) FROM deliveries WHERE status = 'failed') AS failed;

-- name: failed_deliveries
-- What was given up, newest first.
SELECT id, kind, recipient_kind, registration_id, meetup_id, attempts, due_at, finished_at, last_error
FROM deliveries WHERE status = 'failed' ORDER BY finished_at DESC LIMIT $1;

-- name: resend_failed
-- Gives mails that were given up another full round of tries, from now on; returns how many.
WITH again AS (
    UPDATE deliveries SET status = 'waiting', attempts = 0, due_at = $2, finished_at = NULL
    WHERE id = ANY($1::uuid[]) AND status = 'failed'
    RETURNING recipient_id, recipient_kind
), lane AS (
    INSERT INTO lanes (recipient_id, recipient_kind, due_at) SELECT DISTINCT recipient_id, recipient_kind, $2 FROM again
    ON CONFLICT (recipient_id) DO UPDATE SET due_at = least(lanes.due_at, excluded.due_at)
)
SELECT count(*) FROM again;
