-- name: try_retention_turn
-- Takes the one turn there is, for as long as this connection is held; false when another worker has it.
SELECT pg_try_advisory_lock($1);

-- name: begin_retention_run
-- Begins tonight's run, or takes over one whose worker died; nothing when it is done.
INSERT INTO retention_runs (night, started_at) VALUES ($1, $2)
ON CONFLICT (night) DO UPDATE SET started_at = excluded.started_at WHERE retention_runs.finished_at IS NULL
RETURNING night;

-- name: finish_retention_run
-- Notes what a night's run has deleted, and what it has left.
UPDATE retention_runs SET finished_at = $2, removed = $3, given_up = $4 WHERE night = $1;

-- name: note_retention_run
-- Notes a run by hand, from its beginning to its end, with what it has deleted and what it has left.
INSERT INTO retention_runs (night, started_at, finished_at, removed, given_up) VALUES (NULL, $1, $2, $3, $4);

-- name: last_whole_retention_run
-- When what had outlived its term was last all gone: since the first attempt it is not, until one has succeeded.
SELECT coalesce(max(finished_at) FILTER (WHERE given_up = '{}'), min(started_at)) FROM retention_runs;
