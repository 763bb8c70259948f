-- The event log is the truth: insert-only, kept for ever, one partition a month. The outbox says which of its events the broker
-- has not acknowledged yet; it is thin, so that publishing an event costs one small dead row and no second copy of the payload.

CREATE SEQUENCE event_position;

CREATE TABLE event_log (
    position     bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL,
    id           uuid        NOT NULL,
    type         text        NOT NULL,
    aggregate_id uuid        NOT NULL,
    subject      text        NOT NULL,
    headers      jsonb       NOT NULL,
    body         text        NOT NULL,
    PRIMARY KEY (recorded_at, position)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX event_log_aggregate ON event_log (aggregate_id, position);
CREATE INDEX event_log_position ON event_log (position);

-- A trigger comes with every partition, and only the owner of the table could switch it off: whoever runs the service cannot.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON event_log FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Takes what no month takes, so that a forgotten partition can never refuse a registration.
CREATE TABLE event_log_default PARTITION OF event_log DEFAULT;

-- Months of UTC, whoever calls: in the zone of a session two of them could overlap. A month that the default partition has begun stays
-- there: events are published from there as well, and no relay stops for it. As the owner: a relay may make no other table.
CREATE FUNCTION ensure_event_log_months(ahead integer) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path TO public, pg_temp SET timezone TO 'UTC' AS $$
DECLARE
    month date;
BEGIN
    FOR month IN SELECT date_trunc('month', now()) + make_interval(months => n) FROM generate_series(0, ahead) AS n LOOP
        BEGIN
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS %I PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)',
                'event_log_' || to_char(month, 'YYYY_MM'), month::timestamptz, (month + interval '1 month')::timestamptz
            );
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'event_log_default holds events of %', to_char(month, 'YYYY-MM');
        END;
    END LOOP;
END
$$;

SELECT ensure_event_log_months(3);

CREATE TABLE outbox (
    position    bigint      PRIMARY KEY,
    recorded_at timestamptz NOT NULL
) WITH (
    -- Every row lives for milliseconds: vacuum by count, not by share of the table.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);

-- What the relay knows of the stream: after the event at `position` was acknowledged, the stream stood at `stream_sequence`.
-- When the stream is found behind its own record, publishing starts again from an older checkpoint.
CREATE TABLE relay_checkpoints (
    taken_at        timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
    position        bigint      NOT NULL,
    event_id        uuid        NOT NULL,
    stream_sequence bigint      NOT NULL CHECK (stream_sequence > 0),
    stream_created  timestamptz NOT NULL
);
