-- A meetup has a room of seats for each way of attending it: one, or two when it is hybrid. The lock of the meetup's row stays the lock
-- of all its rooms.

CREATE TABLE rooms (
    meetup_id           uuid        NOT NULL REFERENCES meetups ON DELETE CASCADE,
    mode                text        NOT NULL CHECK (mode IN ('onsite', 'online')),
    capacity            integer     NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    overbooking_percent integer     NOT NULL CHECK (overbooking_percent BETWEEN 0 AND 100),
    seats_allowed       integer     NOT NULL GENERATED ALWAYS AS (capacity * (100 + overbooking_percent) / 100) STORED,
    seats_taken         integer     NOT NULL DEFAULT 0,
    waiting_count       integer     NOT NULL DEFAULT 0,
    next_waiting_number integer     NOT NULL DEFAULT 1,
    -- When its last allowed seat was taken for the first time; `meetup.filled` is told once all rooms of a meetup have been full.
    filled_at           timestamptz,
    PRIMARY KEY (meetup_id, mode),
    -- Whatever a program gets wrong, no seat is given twice.
    CONSTRAINT seats_never_oversold CHECK (seats_taken BETWEEN 0 AND seats_allowed),
    CONSTRAINT waiting_numbers_grow CHECK (waiting_count BETWEEN 0 AND next_waiting_number - 1)
) WITH (
    -- Counters change with every batch of a hot meetup: room on the page keeps those updates off the index.
    fillfactor = 50
);

INSERT INTO rooms (meetup_id, mode, capacity, overbooking_percent, seats_taken, waiting_count, next_waiting_number, filled_at)
SELECT id, CASE attendance_mode WHEN 'online' THEN 'online' ELSE 'onsite' END,
       capacity, overbooking_percent, seats_taken, waiting_count, next_waiting_number, filled_at
FROM meetups;
INSERT INTO rooms (meetup_id, mode, capacity, overbooking_percent)
SELECT id, 'online', capacity, overbooking_percent FROM meetups WHERE attendance_mode = 'hybrid';

DROP VIEW meetup_sheets;
ALTER TABLE meetups
    DROP COLUMN seats_allowed, DROP COLUMN seats_taken, DROP COLUMN waiting_count, DROP COLUMN next_waiting_number,
    DROP COLUMN filled_at, DROP COLUMN capacity, DROP COLUMN overbooking_percent,
    -- Organisers say yes to each registration before it gets a place in line.
    ADD COLUMN approval boolean NOT NULL DEFAULT false;

-- A meetup as it is shown: with its organisers, the lead first, and its rooms, the one on site first.
CREATE VIEW meetup_sheets AS
SELECT m.*, (
    SELECT jsonb_agg(
        jsonb_build_object('organisation_id', o.organisation_id, 'role', o.role, 'name', g.name, 'kind', g.kind)
        ORDER BY o.role <> 'lead', o.role, g.name
    )
    FROM meetup_organisers AS o JOIN organisations AS g ON g.id = o.organisation_id WHERE o.meetup_id = m.id
) AS organisers, (
    SELECT jsonb_agg(
        jsonb_build_object('mode', r.mode, 'capacity', r.capacity, 'overbooking_percent', r.overbooking_percent, 'taken', r.seats_taken,
                           'waiting', r.waiting_count, 'next_number', r.next_waiting_number, 'filled', r.filled_at IS NOT NULL)
        ORDER BY r.mode DESC
    )
    FROM rooms AS r WHERE r.meetup_id = m.id
) AS rooms
FROM meetups AS m;

ALTER TABLE registrations
    ADD COLUMN mode text,
    -- A request that waits for an organiser's word keeps its number from the first day on; it has no rank before the word is yes.
    ADD COLUMN approval text CHECK (approval IN ('pending', 'granted', 'refused')),
    -- What the code of the ticket says: random, so that a reference overheard is no ticket.
    ADD COLUMN ticket uuid NOT NULL DEFAULT gen_random_uuid(),
    -- The last offer of a seat, kept after it was taken, declined or ran out: by it the waiting list tells its odds.
    ADD COLUMN offered_at timestamptz,
    -- Facts that somebody told about themselves and their firm; codes of vocabularies, no personal data.
    ADD COLUMN role text,
    ADD COLUMN sector text,
    ADD COLUMN needs text[],
    ADD COLUMN timezone text,
    ADD COLUMN notice_version text,
    ADD CONSTRAINT pending_waits CHECK (approval IS DISTINCT FROM 'pending' OR status IN ('waitlisted', 'cancelled'));

UPDATE registrations AS r SET mode = CASE m.attendance_mode WHEN 'online' THEN 'online' ELSE 'onsite' END
FROM meetups AS m WHERE m.id = r.meetup_id;
ALTER TABLE registrations
    ALTER COLUMN mode SET NOT NULL,
    DROP CONSTRAINT registrations_meetup_id_fkey,
    -- An onsite meetup that goes online takes its registrations along.
    ADD CONSTRAINT registrations_room FOREIGN KEY (meetup_id, mode) REFERENCES rooms ON UPDATE CASCADE;
DROP INDEX registrations_waiting_list;
CREATE UNIQUE INDEX registrations_waiting_list ON registrations (meetup_id, mode, waiting_number) WHERE waiting_number IS NOT NULL;

-- What was answered to an address that had a registration already. It looks like a registration to whoever sent the form, takes no seat,
-- and is told by nothing but the mail to that address.
CREATE TABLE decoys (
    id             uuid        PRIMARY KEY,
    reference      text        NOT NULL UNIQUE,
    meetup_id      uuid        NOT NULL REFERENCES meetups,
    mode           text        NOT NULL,
    person_id      uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    full_name      text        NOT NULL,
    headcount      text        NOT NULL,
    locale         text        NOT NULL CHECK (locale IN ('fr', 'en')),
    -- What a newcomer would have had: a hold, or the next number on the waiting list.
    expires_at     timestamptz,
    waiting_number integer     CHECK (waiting_number >= 1),
    approval       text        CHECK (approval = 'pending'),
    registered_at  timestamptz NOT NULL,
    CHECK (num_nonnulls(expires_at, waiting_number) = 1)
);

CREATE INDEX decoys_of_person ON decoys (person_id);
CREATE INDEX decoys_age ON decoys (registered_at);

ALTER TABLE access_tokens
    ALTER COLUMN registration_id DROP NOT NULL,
    ADD COLUMN decoy_id uuid REFERENCES decoys ON DELETE CASCADE,
    -- A decoy may be looked at by whoever made it, and has nothing to manage.
    ADD CONSTRAINT opens_one_thing CHECK (
        num_nonnulls(registration_id, decoy_id) = 1 AND (decoy_id IS NULL OR purpose = 'view')
    );
CREATE INDEX access_tokens_of_decoy ON access_tokens (decoy_id) WHERE decoy_id IS NOT NULL;
