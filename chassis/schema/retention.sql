-- What was deleted when its term was over: one row a night, whatever the number of workers, and one for each run by hand, which has no
-- night. Counts only. What took too long is named in given_up; what outlived its term is all gone only where that is empty.
CREATE TABLE retention_runs (
    night       date        UNIQUE,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz CHECK (finished_at >= started_at),
    removed     jsonb       NOT NULL DEFAULT '{}',
    given_up    text[]      NOT NULL DEFAULT '{}'
);
