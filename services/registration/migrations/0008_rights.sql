-- People's rights: who saw their data, who objected, whom a legal claim keeps from being erased, and what the nightly job did.

-- Who had a person's data in hand or changed them at the person's wish; organisers' looks at lists stand in `organiser_actions`.
CREATE TABLE person_accesses (
    id          uuid        PRIMARY KEY,
    person_id   uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    accessed_at timestamptz NOT NULL,
    action      text        NOT NULL CHECK (action IN ('exported', 'rectified', 'objected', 'consents_changed', 'held', 'released')),
    channel     text        NOT NULL CHECK (channel IN ('link', 'command'))
);

CREATE INDEX person_accesses_of ON person_accesses (person_id, accessed_at);
CREATE INDEX person_accesses_age ON person_accesses (accessed_at);

-- Who wants their data used for nothing but what they asked for. A consent given later is a new wish and holds.
CREATE TABLE objections (
    person_id   uuid        PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    objected_at timestamptz NOT NULL
);

-- No cascade on purpose: whatever a program gets wrong, somebody held for a legal claim (RGPD, article 17(3)(e)) is not erased.
CREATE TABLE legal_holds (
    person_id uuid        PRIMARY KEY REFERENCES people,
    file      text        NOT NULL CHECK (length(file) BETWEEN 1 AND 100),
    held_at   timestamptz NOT NULL
);
COMMENT ON COLUMN legal_holds.file IS 'Number of the file the hold belongs to; no names, no circumstances.';

-- When the person was last heard of, as far as rows that are gone would tell.
ALTER TABLE people ADD COLUMN last_contact_at timestamptz;

-- What an export, an erasure and the nights look for, without reading every scan, registration and person there is.
CREATE INDEX scans_of_meetup ON scans (meetup_id);
CREATE INDEX scans_of_registration ON scans (registration_id);
CREATE INDEX registrations_expired ON registrations (changed_at) WHERE status = 'expired';
CREATE INDEX registrations_named ON registrations (changed_at) WHERE named_by IS NOT NULL AND status IN ('cancelled', 'waitlisted');
CREATE INDEX attendees_with_access_needs ON attendees (registration_id) WHERE access_needs IS NOT NULL;
CREATE INDEX people_age ON people (created_at);

-- The planner keeps samples of columns (pg_statistic), which an erasure would not reach: of these it shall keep none. Addresses are
-- looked up by a unique index, for which it needs none either.
ALTER TABLE people ALTER COLUMN email SET STATISTICS 0, ALTER COLUMN email_key SET STATISTICS 0;
ALTER TABLE attendees
    ALTER COLUMN full_name SET STATISTICS 0, ALTER COLUMN organisation SET STATISTICS 0, ALTER COLUMN identifier_value SET STATISTICS 0,
    ALTER COLUMN access_needs SET STATISTICS 0, ALTER COLUMN answers SET STATISTICS 0;
ALTER TABLE decoys ALTER COLUMN full_name SET STATISTICS 0;

-- That ends new samples; those taken before stay until they are cleared.
SELECT pg_clear_attribute_stats(current_schema()::text, a.attrelid::regclass::text, a.attname::text, false)
FROM pg_attribute AS a
WHERE a.attrelid IN ('people'::regclass, 'attendees'::regclass) AND a.attnum > 0 AND a.attstattarget = 0;

-- Registrations whose address was confirmed at some time, whatever became of them later. Before that, anybody may have typed it.
CREATE VIEW confirmed_registrations AS
SELECT r.id FROM registrations AS r
WHERE r.status = 'confirmed'
   OR EXISTS (SELECT FROM event_log AS e WHERE e.aggregate_id = r.id AND e.type = 'fr.rencontres.registration.confirmed.v1');

-- A consent counts only when the address was confirmed with the registration it came with; what has outlived its registration was.
CREATE VIEW consents_with_proof AS
SELECT c.*, c.registration_id IS NULL OR EXISTS (SELECT FROM confirmed_registrations AS k WHERE k.id = c.registration_id) AS confirmed
FROM consents AS c;

-- Being heard of is an act of the person's: registering, coming, agreeing; no mail of ours counts.
CREATE VIEW last_heard_of AS
SELECT p.id AS person_id, greatest(
    p.last_contact_at,
    (SELECT max(c.given_at) FROM consents AS c WHERE c.person_id = p.id),
    (SELECT max(greatest(r.registered_at, r.attended_at)) FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id
     WHERE a.person_id = p.id)
) AS at
FROM people AS p;

-- People whom nothing is kept for any more: no registration, no consent that holds, no claim.
CREATE VIEW left_over_people AS
SELECT p.id, p.created_at FROM people AS p
WHERE NOT EXISTS (SELECT FROM attendees AS a WHERE a.person_id = p.id)
  AND NOT EXISTS (SELECT FROM consents AS c WHERE c.person_id = p.id AND c.withdrawn_at IS NULL)
  AND NOT EXISTS (SELECT FROM legal_holds AS h WHERE h.person_id = p.id);
