-- No name, no address, no token in any table here: recipients are opaque ids, asked for when a mail leaves.

CREATE TABLE meetups (
    meetup_id uuid  PRIMARY KEY,
    version   int   NOT NULL CHECK (version >= 1),
    state     jsonb NOT NULL CHECK (state ->> 'meetup_id' = meetup_id::text)
);
COMMENT ON TABLE meetups IS 'The newest state of each meetup, as its events carry it.';

CREATE TABLE organisations (
    organisation_id uuid  PRIMARY KEY,
    version         int   NOT NULL CHECK (version >= 1),
    state           jsonb NOT NULL CHECK (state ->> 'organisation_id' = organisation_id::text)
);
COMMENT ON TABLE organisations IS 'The newest state of each organisation, with how it wants to hear of new registrations.';

CREATE TABLE registrations (
    registration_id   uuid PRIMARY KEY,
    version           int  NOT NULL CHECK (version >= 1),
    meetup_id         uuid NOT NULL,
    person_id         uuid NOT NULL,
    status            text NOT NULL CHECK (status IN ('held', 'waitlisted', 'offered', 'confirmed', 'cancelled', 'expired')),
    locale            text NOT NULL CHECK (locale IN ('fr', 'en')),
    reference         text NOT NULL,
    calendar_sequence int  CHECK (calendar_sequence >= 0),
    -- A confirmed attendee has an entry in a calendar, and what was entered must be possible to take out again.
    CHECK (status <> 'confirmed' OR calendar_sequence IS NOT NULL)
);
CREATE INDEX registrations_active ON registrations (meetup_id) WHERE status IN ('held', 'waitlisted', 'offered', 'confirmed');
COMMENT ON COLUMN registrations.calendar_sequence IS 'SEQUENCE of the last calendar message; null as long as none was made.';

CREATE TABLE standings (
    meetup_id uuid PRIMARY KEY,
    taken     int  NOT NULL,
    waiting   int  NOT NULL
);
COMMENT ON TABLE standings IS 'How full each meetup is, moved with every registration heard of.';

CREATE TABLE deliveries (
    id               uuid        PRIMARY KEY,
    seq              bigint      GENERATED ALWAYS AS IDENTITY,
    event_id         uuid        NOT NULL,
    kind             text        NOT NULL CHECK (kind IN (
        'confirm_address', 'seat_confirmed', 'waiting_list', 'seat_offered', 'registration_cancelled', 'registration_expired',
        'meetup_moved', 'new_registration', 'new_registrations', 'meetup_full'
    )),
    recipient_kind   text        NOT NULL CHECK (recipient_kind IN ('person', 'organisation')),
    recipient_id     uuid        NOT NULL,
    registration_id  uuid,
    meetup_id        uuid,
    facts            jsonb       NOT NULL,
    trace            jsonb       NOT NULL,
    status           text        NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'failed', 'dropped')),
    attempts         int         NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    created_at       timestamptz NOT NULL,
    due_at           timestamptz NOT NULL,
    first_attempt_at timestamptz,
    finished_at      timestamptz,
    last_error       text,
    -- One mail for one reason.
    UNIQUE (event_id, kind, recipient_id),
    CHECK ((status = 'waiting') = (finished_at IS NULL)),
    CHECK (status NOT IN ('failed', 'dropped') OR last_error IS NOT NULL),
    CHECK (status <> 'sent' OR first_attempt_at IS NOT NULL),
    CHECK (recipient_kind = 'organisation' OR (registration_id IS NOT NULL AND meetup_id IS NOT NULL)),
    CHECK ((kind = 'new_registrations') = (meetup_id IS NULL))
) WITH (fillfactor = 80);
-- In hand are the lanes, not the deliveries: a delivery is written once when it is made and once when it is done.
CREATE INDEX deliveries_waiting ON deliveries (recipient_id, seq) WHERE status = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE status = 'waiting';
CREATE INDEX deliveries_failed ON deliveries (finished_at) WHERE status = 'failed';
COMMENT ON COLUMN deliveries.last_error IS 'Codes and kinds of errors only: what a mail server says may quote an address.';

CREATE TABLE lanes (
    recipient_id   uuid        PRIMARY KEY,
    recipient_kind text        NOT NULL CHECK (recipient_kind IN ('person', 'organisation')),
    due_at         timestamptz NOT NULL,
    retry_at       timestamptz,
    claimed_by     uuid,
    claimed_until  timestamptz,
    ready_at       timestamptz NOT NULL GENERATED ALWAYS AS (greatest(due_at, retry_at, claimed_until)) STORED,
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX lanes_ready ON lanes (ready_at);
COMMENT ON TABLE lanes IS 'One row for each recipient with mail waiting. Who holds it sends that mail in the order of seq; nobody else may.';

CREATE TABLE summary_counts (
    organisation_id uuid   NOT NULL,
    meetup_id       uuid   NOT NULL,
    seated          int    NOT NULL CHECK (seated >= 0),
    waitlisted      int    NOT NULL CHECK (waitlisted >= 0),
    delivery_id     uuid   REFERENCES deliveries
);
-- At most one open count for each; a summary takes it over when it is sent, so that a late commit goes into the next one.
CREATE UNIQUE INDEX summary_counts_open ON summary_counts (organisation_id, meetup_id) WHERE delivery_id IS NULL;
CREATE INDEX summary_counts_taken ON summary_counts (delivery_id) WHERE delivery_id IS NOT NULL;
COMMENT ON TABLE summary_counts IS 'New registrations that an organisation has not read of yet, or that a summary tells of.';
