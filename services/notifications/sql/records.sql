-- name: mails_of_person
-- Every mail owed or sent to a person, or about one of their registrations.
SELECT to_jsonb(d) AS row FROM deliveries AS d WHERE d.recipient_id = $1 OR d.registration_id = ANY($2::uuid[]) ORDER BY d.seq;

-- name: registrations_of_person
-- The copies of a person's registrations that mails are made from.
SELECT to_jsonb(r) AS row FROM registrations AS r
WHERE r.person_id = $1 OR r.registration_id = ANY($2::uuid[]) ORDER BY r.registration_id;

-- name: lanes_of_person
-- The lane in which a person's waiting mails stand.
SELECT to_jsonb(l) AS row FROM lanes AS l WHERE l.recipient_id = $1 AND $2::uuid[] IS NOT NULL;
