-- name: attendee_details
-- What somebody wrote about themselves with one registration, to be corrected.
SELECT full_name, organisation, identifier_scheme, identifier_value, access_needs FROM attendees WHERE registration_id = $1;
