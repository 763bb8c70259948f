-- What the nightly job deleted: one row a night, whatever the number of workers. Counts only.
CREATE TABLE retention_runs (
    night       date        PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz CHECK (finished_at >= started_at),
    removed     jsonb       NOT NULL DEFAULT '{}'
);
