-- A set is one schema with these four tables. `live` is what readers see; `rebuilt` exists while a rebuild fills it; a set that was
-- replaced is kept as `old_<time>`. Statements of the projection name no schema: the transaction says which set it writes to.
-- No table knows a person: a registration is an opaque id, a meetup, a band of headcount and a status.

CREATE SCHEMA live;

CREATE TABLE live.meetup_facts (
    meetup_id     uuid        PRIMARY KEY,
    version       integer     NOT NULL CHECK (version > 0),
    slug          text        NOT NULL,
    title         text        NOT NULL,
    status        text        NOT NULL CHECK (status IN ('published', 'cancelled')),
    territory     text        NOT NULL,
    starts_local  timestamp   NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    capacity      integer     NOT NULL CHECK (capacity > 0),
    seats_allowed integer     NOT NULL CHECK (seats_allowed >= capacity),
    demo          boolean     NOT NULL
);

CREATE INDEX meetup_facts_territory ON live.meetup_facts (territory, starts_local);
CREATE INDEX meetup_facts_start ON live.meetup_facts (starts_local);

CREATE TABLE live.registration_facts (
    registration_id uuid        PRIMARY KEY,
    version         integer     NOT NULL CHECK (version > 0),
    meetup_id       uuid        NOT NULL,
    headcount       text        NOT NULL,
    status          text        NOT NULL
        CHECK (status IN ('held', 'waitlisted', 'offered', 'confirmed', 'cancelled', 'expired')),
    attended        boolean     NOT NULL,
    registered_at   timestamptz NOT NULL
);

-- Sums over registration_facts, kept by adding the difference that each event makes. `waiting` counts the status `waitlisted`;
-- `attended` counts those confirmed only, so that confirmed - attended is never negative.
CREATE TABLE live.counts (
    meetup_id     uuid    NOT NULL,
    headcount     text    NOT NULL,
    registrations integer NOT NULL,
    held          integer NOT NULL,
    waiting       integer NOT NULL,
    offered       integer NOT NULL,
    confirmed     integer NOT NULL,
    cancelled     integer NOT NULL,
    expired       integer NOT NULL,
    attended      integer NOT NULL,
    PRIMARY KEY (meetup_id, headcount),
    -- Holds for a sum and for a difference: Postgres checks the row proposed to an upsert too, so nothing here may forbid less than zero.
    CHECK (registrations = held + waiting + offered + confirmed + cancelled + expired)
);

-- One row: how far this set has come. Which events of the stream are behind it, only the broker knows (its consumer's floor): batches
-- may overtake each other, and a stream that was lost is made again under other numbers.
CREATE TABLE live.checkpoint (
    only_row      boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    last_event_at timestamptz NOT NULL,
    applied_at    timestamptz NOT NULL
);

-- LIKE does not copy storage settings, so both live and rebuilt sets get theirs here: free space for updates in place (no index
-- changes on them), and vacuum by count for the small tables that every batch updates.
CREATE FUNCTION public.tune_set(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I.registration_facts SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1)', name);
    EXECUTE format('ALTER TABLE %I.counts SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0,
                    autovacuum_vacuum_threshold = 20000)', name);
    EXECUTE format('ALTER TABLE %I.checkpoint SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0,
                    autovacuum_vacuum_threshold = 1000)', name);
END
$$;

SELECT public.tune_set('live');

CREATE FUNCTION public.start_rebuilt_set() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DROP SCHEMA IF EXISTS rebuilt CASCADE;
    CREATE SCHEMA rebuilt;
    CREATE TABLE rebuilt.meetup_facts (LIKE live.meetup_facts INCLUDING ALL);
    CREATE TABLE rebuilt.registration_facts (LIKE live.registration_facts INCLUDING ALL);
    CREATE TABLE rebuilt.counts (LIKE live.counts INCLUDING ALL);
    CREATE TABLE rebuilt.checkpoint (LIKE live.checkpoint INCLUDING ALL);
    PERFORM public.tune_set('rebuilt');
END
$$;

CREATE FUNCTION public.put_rebuilt_set_in_place(keep_as text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER SCHEMA live RENAME TO %I', keep_as);
    ALTER SCHEMA rebuilt RENAME TO live;
END
$$;

CREATE FUNCTION public.drop_old_sets() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    old text;
BEGIN
    FOR old IN SELECT nspname FROM pg_namespace WHERE nspname ~ '^old_[0-9]+$' ORDER BY nspname LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', old);
        RETURN NEXT old;
    END LOOP;
END
$$;
