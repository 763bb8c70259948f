-- name: try_retention_turn
-- Takes the one turn there is, for as long as this connection is held; false when another worker has it.
SELECT pg_try_advisory_lock($1);

-- name: begin_retention_run
-- Begins tonight's run, or takes over one whose worker died; nothing when it is done.
INSERT INTO retention_runs (night, started_at) VALUES ($1, $2)
ON CONFLICT (night) DO UPDATE SET started_at = excluded.started_at WHERE retention_runs.finished_at IS NULL
RETURNING night;

-- name: finish_retention_run
-- Notes what a run has deleted.
UPDATE retention_runs SET finished_at = $2, removed = $3 WHERE night = $1;
