-- The one home of personal data is `people` and `attendees` (and the address in `organisations`). Every other table, and everything
-- that leaves this database as an event, knows people by an opaque id.
--
-- One rule of locking: whoever writes a registration, a scan or a counter of a meetup holds that meetup's row, and who needs several
-- rows takes them in the order of their ids.

CREATE TABLE organisations (
    id                    uuid        PRIMARY KEY,
    version               integer     NOT NULL CHECK (version >= 1),
    name                  text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind                  text        NOT NULL,
    email                 text        NOT NULL,
    locale                text        NOT NULL CHECK (locale IN ('fr', 'en')),
    new_registration_mail text        NOT NULL CHECK (new_registration_mail IN ('each', 'hourly', 'none')),
    changed_at            timestamptz NOT NULL
);

CREATE TABLE meetups (
    id                  uuid        PRIMARY KEY,
    version             integer     NOT NULL,
    slug                text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 120),
    status              text        NOT NULL CHECK (status IN ('draft', 'published', 'cancelled')),
    territory           text        NOT NULL,
    title               text        NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description         text        NOT NULL,
    format              text        NOT NULL,
    attendance_mode     text        NOT NULL CHECK (attendance_mode IN ('onsite', 'online', 'hybrid')),
    -- What the venue's clock shows is what was decided; the instants are derived from it whenever it is written.
    timezone            text        NOT NULL,
    starts_local        timestamp   NOT NULL,
    ends_local          timestamp   NOT NULL,
    closes_local        timestamp   NOT NULL,
    starts_at           timestamptz NOT NULL,
    ends_at             timestamptz NOT NULL,
    closes_at           timestamptz NOT NULL,
    venue_name          text        NOT NULL,
    venue_address       text        NOT NULL,
    capacity            integer     NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    overbooking_percent integer     NOT NULL CHECK (overbooking_percent BETWEEN 0 AND 100),
    seats_allowed       integer     NOT NULL GENERATED ALWAYS AS (capacity * (100 + overbooking_percent) / 100) STORED,
    seats_taken         integer     NOT NULL DEFAULT 0,
    waiting_count       integer     NOT NULL DEFAULT 0,
    next_waiting_number integer     NOT NULL DEFAULT 1,
    -- The event `meetup.filled` is told once.
    filled_at           timestamptz,
    calendar_sequence   integer     NOT NULL CHECK (calendar_sequence >= 0),
    demo                boolean     NOT NULL,
    created_at          timestamptz NOT NULL,
    changed_at          timestamptz NOT NULL,
    -- Whatever a program gets wrong, no seat is given twice.
    CONSTRAINT seats_never_oversold CHECK (seats_taken BETWEEN 0 AND seats_allowed),
    CONSTRAINT waiting_numbers_grow CHECK (waiting_count BETWEEN 0 AND next_waiting_number - 1),
    CONSTRAINT a_draft_has_no_events CHECK ((status = 'draft') = (version = 0)),
    CONSTRAINT it_begins_before_it_ends CHECK (closes_at <= starts_at AND starts_at < ends_at)
) WITH (
    -- Counters change with every batch of a hot meetup: room on the page keeps those updates off the indexes.
    fillfactor = 50
);

CREATE INDEX meetups_programme ON meetups (starts_at, id) WHERE status = 'published';

CREATE TABLE meetup_organisers (
    meetup_id       uuid NOT NULL REFERENCES meetups ON DELETE CASCADE,
    organisation_id uuid NOT NULL REFERENCES organisations,
    role            text NOT NULL CHECK (role IN ('lead', 'co', 'partner')),
    PRIMARY KEY (meetup_id, organisation_id)
);

CREATE UNIQUE INDEX meetup_organisers_one_lead ON meetup_organisers (meetup_id) WHERE role = 'lead';

-- A meetup as it is shown: with its organisers, the lead first.
CREATE VIEW meetup_sheets AS
SELECT m.*, (
    SELECT jsonb_agg(
        jsonb_build_object('organisation_id', o.organisation_id, 'role', o.role, 'name', g.name, 'kind', g.kind)
        ORDER BY o.role <> 'lead', o.role, g.name
    )
    FROM meetup_organisers AS o JOIN organisations AS g ON g.id = o.organisation_id WHERE o.meetup_id = m.id
) AS organisers
FROM meetups AS m;

CREATE TABLE people (
    id         uuid        PRIMARY KEY,
    -- As it was typed; `email_key` is what makes two spellings one person.
    email      text        NOT NULL,
    email_key  text        NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE registrations (
    id             uuid        PRIMARY KEY,
    version        integer     NOT NULL CHECK (version >= 1),
    reference      text        NOT NULL UNIQUE,
    meetup_id      uuid        NOT NULL REFERENCES meetups,
    -- No foreign key: the registration of an erased person stays, so that counts do.
    person_id      uuid        NOT NULL,
    status         text        NOT NULL,
    headcount      text        NOT NULL,
    locale         text        NOT NULL CHECK (locale IN ('fr', 'en')),
    waiting_number integer     CHECK (waiting_number >= 1),
    expires_at     timestamptz,
    cancelled_by   text        CHECK (cancelled_by IN ('attendee', 'organiser', 'erasure')),
    attended       boolean     NOT NULL DEFAULT false,
    attended_at    timestamptz,
    -- The latest scan that counted, so that the order in which scans arrive does not matter.
    last_scan_at   timestamptz,
    registered_at  timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    CONSTRAINT status_is_possible CHECK (
        CASE status
            WHEN 'held' THEN expires_at IS NOT NULL AND waiting_number IS NULL
            WHEN 'offered' THEN expires_at IS NOT NULL AND waiting_number IS NOT NULL
            WHEN 'waitlisted' THEN expires_at IS NULL AND waiting_number IS NOT NULL
            WHEN 'confirmed' THEN expires_at IS NULL
            WHEN 'cancelled' THEN expires_at IS NULL
            WHEN 'expired' THEN expires_at IS NULL
            ELSE false
        END
    ),
    CONSTRAINT cancelled_by_somebody CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    CONSTRAINT attended_with_a_seat CHECK (attended = (attended_at IS NOT NULL) AND (NOT attended OR status = 'confirmed'))
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX registrations_one_active ON registrations (person_id, meetup_id)
    WHERE status IN ('held', 'waitlisted', 'offered', 'confirmed');
CREATE UNIQUE INDEX registrations_waiting_list ON registrations (meetup_id, waiting_number) WHERE waiting_number IS NOT NULL;
CREATE INDEX registrations_of_meetup ON registrations (meetup_id, id);
CREATE INDEX registrations_due ON registrations (expires_at) WHERE expires_at IS NOT NULL;

-- Who a registration is for, as they wrote their name then. Goes with the person, without a trace in `registrations`.
CREATE TABLE attendees (
    registration_id uuid PRIMARY KEY REFERENCES registrations ON DELETE CASCADE,
    person_id       uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    full_name       text NOT NULL
);

CREATE INDEX attendees_of_person ON attendees (person_id);

-- Every scan at a door, those turned away included. The device names it, so that sending it again finds its first result.
CREATE TABLE scans (
    scan_id         uuid        PRIMARY KEY,
    meetup_id       uuid        NOT NULL REFERENCES meetups,
    registration_id uuid        REFERENCES registrations,
    kind            text        NOT NULL CHECK (kind IN ('in', 'undo')),
    result          text        NOT NULL,
    scanned_at      timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    CHECK ((result = 'unknown') = (registration_id IS NULL))
);

-- First answers of public POSTs, for 24 hours. The hash is of the request and the answer names nobody.
CREATE TABLE idempotency_keys (
    -- Keys of two meetups are strangers, so that the lock of the meetup's row orders all requests of one key.
    meetup_id       uuid        NOT NULL,
    key             text        NOT NULL,
    request_hash    bytea       NOT NULL,
    -- `text`, not `jsonb`: a repeated answer is the first one to the byte.
    response        text        NOT NULL,
    registration_id uuid        NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (meetup_id, key)
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Links of attendees. Only hashes are kept: reading this table opens nothing.
CREATE TABLE access_tokens (
    token_hash      bytea       PRIMARY KEY CHECK (length(token_hash) = 32),
    registration_id uuid        NOT NULL REFERENCES registrations ON DELETE CASCADE,
    -- `manage` came by e-mail and may confirm and cancel; `view` was shown to whoever filled in the form and may only look.
    purpose         text        NOT NULL CHECK (purpose IN ('view', 'manage')),
    expires_at      timestamptz NOT NULL
);

CREATE INDEX access_tokens_of_registration ON access_tokens (registration_id);
CREATE INDEX access_tokens_age ON access_tokens (expires_at);

-- Programs and people of the organisers.
CREATE TABLE api_tokens (
    token_hash bytea       PRIMARY KEY CHECK (length(token_hash) = 32),
    id         uuid        NOT NULL UNIQUE,
    name       text        NOT NULL,
    scopes     text[]      NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- Who among the organisers did what, looking at names included; written in the transaction of the deed. No foreign keys: it outlives all.
CREATE TABLE organiser_actions (
    id        uuid        PRIMARY KEY,
    acted_at  timestamptz NOT NULL,
    token_id  uuid        NOT NULL,
    action    text        NOT NULL,
    target_id uuid        NOT NULL,
    trace_id  text
);

CREATE INDEX organiser_actions_on ON organiser_actions (target_id, acted_at);
