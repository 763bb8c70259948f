-- name: facts_of_registrations
-- What the reports count of these registrations.
SELECT to_jsonb(f) AS row FROM live.registration_facts AS f WHERE f.registration_id = ANY($1::uuid[]) ORDER BY f.registration_id;
