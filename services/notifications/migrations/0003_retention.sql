-- Whom a legal claim keeps from being forgotten; told by the service that knows who they are.
CREATE TABLE legal_holds (
    person_id uuid        PRIMARY KEY,
    held_at   timestamptz NOT NULL
);

CREATE INDEX deliveries_done ON deliveries (finished_at) WHERE status <> 'waiting';
CREATE INDEX registrations_of_person ON registrations (person_id);
