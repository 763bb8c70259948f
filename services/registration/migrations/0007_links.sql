-- Links of attendees whose address somebody gives again: what the second form is answered with, who asked for links, and when they were sent.

-- What was answered to an address that had a registration already. It looks like a registration to whoever sent the form, takes no seat,
-- and is told by nothing but the mail to that address.
CREATE TABLE decoys (
    id             uuid        PRIMARY KEY,
    reference      text        NOT NULL UNIQUE,
    meetup_id      uuid        NOT NULL REFERENCES meetups,
    mode           text        NOT NULL,
    -- Null once nobody may look at it: its place in line outlasts what it says of anybody.
    person_id      uuid        REFERENCES people,
    full_name      text,
    status         text        NOT NULL CHECK (status IN ('held', 'waitlisted', 'offered', 'expired', 'cancelled')),
    headcount      text        NOT NULL,
    locale         text        NOT NULL CHECK (locale IN ('fr', 'en')),
    expires_at     timestamptz,
    waiting_number integer     CHECK (waiting_number >= 1),
    approval       text        CHECK (approval = 'pending'),
    registered_at  timestamptz NOT NULL,
    CONSTRAINT names_whom_it_knows CHECK ((person_id IS NULL) = (full_name IS NULL)),
    CONSTRAINT a_hold_ends CHECK ((status IN ('held', 'offered')) = (expires_at IS NOT NULL)),
    CONSTRAINT a_place_has_a_number CHECK (status NOT IN ('waitlisted', 'offered') OR waiting_number IS NOT NULL)
);

CREATE INDEX decoys_of_person ON decoys (person_id);
CREATE INDEX decoys_age ON decoys (registered_at);
CREATE INDEX decoys_due ON decoys (expires_at) WHERE expires_at IS NOT NULL;
CREATE UNIQUE INDEX decoys_in_line ON decoys (meetup_id, mode, waiting_number) WHERE status = 'waitlisted' AND approval IS NULL;
-- For a recount, for a meetup that is called off and for one that moves online.
CREATE INDEX decoys_of_meetup ON decoys (meetup_id);

ALTER TABLE access_tokens
    ALTER COLUMN registration_id DROP NOT NULL,
    ADD COLUMN decoy_id uuid REFERENCES decoys ON DELETE CASCADE,
    -- A decoy may be looked at by whoever made it, and has nothing to manage.
    ADD CONSTRAINT opens_one_thing CHECK (
        num_nonnulls(registration_id, decoy_id) = 1 AND (decoy_id IS NULL OR purpose = 'view')
    );
CREATE INDEX access_tokens_of_decoy ON access_tokens (decoy_id) WHERE decoy_id IS NOT NULL;

-- Questions not answered yet. Every question is one row and one commit, whether anybody has that address or not: neither the answer
-- nor its time tells. No address is kept, and no foreign key either, whose check would take longer for an address that is known.
CREATE TABLE link_requests (
    id           uuid        PRIMARY KEY,
    -- Null for an address of nobody.
    person_id    uuid,
    reason       text        NOT NULL CHECK (reason IN ('asked', 'registered_again')),
    locale       text        NOT NULL CHECK (locale IN ('fr', 'en')),
    requested_at timestamptz NOT NULL
);

-- When a person was last sent their links, for each reason: nobody can fill somebody's mailbox by asking again and again, and a stranger
-- who registers an address again does not keep its owner from asking.
CREATE TABLE link_mails (
    person_id uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    reason    text        NOT NULL CHECK (reason IN ('asked', 'registered_again')),
    told_at   timestamptz NOT NULL,
    PRIMARY KEY (person_id, reason)
);
