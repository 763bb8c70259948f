-- Whom a legal claim keeps from being forgotten; told by the service that knows who they are.
CREATE TABLE legal_holds (
    person_id uuid        PRIMARY KEY,
    held_at   timestamptz NOT NULL
);

-- What an export, an erasure and the nights look for, without reading every mail there is.
CREATE INDEX deliveries_done ON deliveries (finished_at) WHERE status <> 'waiting';
CREATE INDEX deliveries_of_recipient ON deliveries (recipient_id);
CREATE INDEX deliveries_of_registration ON deliveries (registration_id);
CREATE INDEX registrations_of_person ON registrations (person_id);
