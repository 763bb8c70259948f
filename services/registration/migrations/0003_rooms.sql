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
    -- What only seems taken, and who only seems to wait (0007): shown with the truth, on which alone everything is decided.
    decoys_held         integer     NOT NULL DEFAULT 0 CHECK (decoys_held >= 0),
    decoys_waiting      integer     NOT NULL DEFAULT 0 CHECK (decoys_waiting >= 0),
    -- When its last allowed seat was taken for the first time; `meetup.filled` is told once all rooms of a meetup have been full.
    filled_at           timestamptz,
    PRIMARY KEY (meetup_id, mode),
    -- Whatever a program gets wrong, no seat is given twice.
    CONSTRAINT seats_never_oversold CHECK (seats_taken BETWEEN 0 AND seats_allowed),
    CONSTRAINT waiting_numbers_grow CHECK (waiting_count >= 0 AND waiting_count + decoys_waiting < next_waiting_number)
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

-- Made anew in 0006, once meetups have all that is shown of them.
DROP VIEW meetup_sheets;
ALTER TABLE meetups
    DROP COLUMN seats_allowed, DROP COLUMN seats_taken, DROP COLUMN waiting_count, DROP COLUMN next_waiting_number,
    DROP COLUMN filled_at, DROP COLUMN capacity, DROP COLUMN overbooking_percent;

ALTER TABLE registrations ADD COLUMN mode text;
UPDATE registrations AS r SET mode = CASE m.attendance_mode WHEN 'online' THEN 'online' ELSE 'onsite' END
FROM meetups AS m WHERE m.id = r.meetup_id;
ALTER TABLE registrations
    ALTER COLUMN mode SET NOT NULL,
    DROP CONSTRAINT registrations_meetup_id_fkey,
    -- An onsite meetup that goes online takes its registrations along.
    ADD CONSTRAINT registrations_room FOREIGN KEY (meetup_id, mode) REFERENCES rooms ON UPDATE CASCADE;
DROP INDEX registrations_waiting_list;
CREATE UNIQUE INDEX registrations_waiting_list ON registrations (meetup_id, mode, waiting_number) WHERE waiting_number IS NOT NULL;
