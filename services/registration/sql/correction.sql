-- name: details_of_registration
-- What somebody told with one registration; nothing once they are forgotten.
SELECT a.full_name, a.organisation, a.identifier_scheme, a.identifier_value, a.access_needs, a.answers,
       r.headcount, r.role, r.sector, r.needs
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id WHERE a.registration_id = $1;

-- name: correct_details
-- Writes anew what somebody told with one registration of a locked meetup: the facts beside its state, the rest beside the name.
WITH facts AS (
    UPDATE registrations SET headcount = $2, role = $3, sector = $4, needs = $5 WHERE id = $1
)
UPDATE attendees SET full_name = $6, organisation = $7, identifier_scheme = $8, identifier_value = $9, access_needs = $10, answers = $11
WHERE registration_id = $1;
