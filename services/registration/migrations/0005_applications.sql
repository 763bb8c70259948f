-- What people tell when they register, what they agree to, and what an organiser asks of them.

ALTER TABLE meetups
    -- Questions of the organiser, as `domain.questions` reads them.
    ADD COLUMN questions  jsonb   NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(questions) = 'array'),
    -- A private meetup is in no list, and asks for a code.
    ADD COLUMN visibility text    NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'private'));

-- Facts that somebody told about themselves and their firm; codes of vocabularies, no personal data.
ALTER TABLE registrations
    ADD COLUMN role           text,
    ADD COLUMN sector         text,
    ADD COLUMN needs          text[],
    ADD COLUMN timezone       text,
    ADD COLUMN notice_version text,
    ADD COLUMN named_by       text CHECK (named_by IN ('colleague', 'predecessor'));
COMMENT ON COLUMN registrations.named_by IS 'Who else gave name and address, which mails and page say (RGPD, article 14.2.f); null: nobody else.';

-- Personal details, all optional, go with the person as the name does.
ALTER TABLE attendees
    ADD COLUMN organisation      text CHECK (length(organisation) BETWEEN 1 AND 200),
    ADD COLUMN identifier_scheme text,
    ADD COLUMN identifier_value  text CHECK (identifier_value ~ '^[A-Z0-9]{6,14}$'),
    -- May speak of health: read by the organisers of the meetup, and the first thing that retention deletes.
    ADD COLUMN access_needs      text CHECK (length(access_needs) BETWEEN 1 AND 500),
    -- Answers to the organiser's questions by their ids; null for none.
    ADD COLUMN answers           jsonb,
    ADD CONSTRAINT identifier_is_whole CHECK ((identifier_scheme IS NULL) = (identifier_value IS NULL));

-- Each consent by itself, with the very text that was agreed to: the proof of RGPD, article 7.
CREATE TABLE consents (
    id              uuid        PRIMARY KEY,
    person_id       uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    -- With which registration it was given; null once that one is forgotten, which a consent to the newsletter outlives.
    registration_id uuid        REFERENCES registrations ON DELETE CASCADE,
    purpose         text        NOT NULL,
    text_version    text        NOT NULL,
    locale          text        NOT NULL CHECK (locale IN ('fr', 'en')),
    given_at        timestamptz NOT NULL,
    withdrawn_at    timestamptz CHECK (withdrawn_at >= given_at),
    channel         text        NOT NULL CHECK (channel IN ('form', 'api')),
    UNIQUE (registration_id, purpose)
);

CREATE INDEX consents_of_person ON consents (person_id, purpose);

-- Codes of private meetups. Only hashes are kept: reading this table opens nothing.
CREATE TABLE invitations (
    id         uuid        PRIMARY KEY,
    meetup_id  uuid        NOT NULL REFERENCES meetups ON DELETE CASCADE,
    code_hash  bytea       NOT NULL CHECK (length(code_hash) = 32),
    label      text        NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    max_uses   integer     CHECK (max_uses >= 1),
    -- Written under the lock of the meetup's row, as its seats are.
    used       integer     NOT NULL DEFAULT 0,
    expires_at timestamptz,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    UNIQUE (meetup_id, code_hash),
    CONSTRAINT used_as_often_as_allowed CHECK (used BETWEEN 0 AND COALESCE(max_uses, used))
);
