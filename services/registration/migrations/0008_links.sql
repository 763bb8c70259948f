-- Links found again: who asked, and when somebody was last written to.

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

-- When a person was last sent their links, so that nobody can fill somebody's mailbox by asking again and again.
CREATE TABLE link_mails (
    person_id uuid        PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    told_at   timestamptz NOT NULL
);
