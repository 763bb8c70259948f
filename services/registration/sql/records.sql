-- name: record_of_person
-- The person themselves.
SELECT to_jsonb(p) AS row FROM people AS p WHERE p.id = $1;

-- name: record_of_registrations
-- Every registration, and of which meetup it is.
SELECT to_jsonb(r) || jsonb_build_object('meetup_title', m.title, 'meetup_slug', m.slug, 'meetup_starts_at', m.starts_at,
                                         'meetup_timezone', m.timezone) AS row
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE a.person_id = $1 ORDER BY r.registered_at, r.id;

-- name: record_of_attendees
-- What was written into the form of each registration, with the organiser's questions that were answered.
SELECT to_jsonb(a) || CASE WHEN a.answers IS NULL THEN '{}' ELSE jsonb_build_object('questions', (
    SELECT jsonb_agg(question) FROM jsonb_array_elements(m.questions) AS question WHERE a.answers ? (question ->> 'id')
)) END AS row
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id JOIN meetups AS m ON m.id = r.meetup_id
WHERE a.person_id = $1 ORDER BY r.registered_at, r.id;

-- name: record_of_scans
-- Every time the person's code was read at a door.
SELECT to_jsonb(s) AS row FROM attendees AS a JOIN scans AS s ON s.registration_id = a.registration_id
WHERE a.person_id = $1 ORDER BY s.scanned_at;

-- name: record_of_events
-- Every event about the person or one of their registrations, as it was told to the other services.
SELECT jsonb_build_object('id', e.id, 'type', e.type, 'recorded_at', e.recorded_at, 'aggregate_id', e.aggregate_id,
                          'subject', e.subject, 'headers', e.headers, 'body', e.body::jsonb) AS row
FROM event_log AS e
WHERE e.aggregate_id = $1 OR e.aggregate_id IN (SELECT registration_id FROM attendees WHERE person_id = $1)
ORDER BY e.position;

-- name: record_of_links
-- The links of the mails, without the secret: not even its hash leaves.
SELECT to_jsonb(t) - 'token_hash' AS row FROM access_tokens AS t
WHERE t.registration_id IN (SELECT registration_id FROM attendees WHERE person_id = $1)
   OR t.decoy_id IN (SELECT id FROM decoys WHERE person_id = $1)
ORDER BY t.expires_at;

-- name: record_of_first_answers
-- What the form was answered, kept for a day against double sending.
SELECT to_jsonb(k) - 'request_hash' AS row FROM idempotency_keys AS k
WHERE k.registration_id IN (SELECT registration_id FROM attendees WHERE person_id = $1 UNION ALL SELECT id FROM decoys WHERE person_id = $1)
ORDER BY k.created_at;

-- name: record_of_decoys
-- What was answered when the address was used again for the same meetup.
SELECT to_jsonb(d) AS row FROM decoys AS d WHERE d.person_id = $1 ORDER BY d.registered_at;

-- name: record_of_link_requests
-- Questions for links that are not answered yet.
SELECT to_jsonb(q) AS row FROM link_requests AS q WHERE q.person_id = $1 ORDER BY q.id;

-- name: record_of_link_mails
-- When links were last sent.
SELECT to_jsonb(l) AS row FROM link_mails AS l WHERE l.person_id = $1;

-- name: record_of_organiser_accesses
-- What organisers did on a meetup while the person was on its list, looking at names included.
SELECT DISTINCT to_jsonb(o) - 'trace_id' AS row, o.acted_at
FROM attendees AS a JOIN registrations AS r ON r.id = a.registration_id
JOIN organiser_actions AS o ON o.target_id IN (r.meetup_id, r.id)
WHERE a.person_id = $1 AND o.acted_at >= r.registered_at ORDER BY o.acted_at;

-- name: record_of_own_accesses
-- When the person, or an operator for them, used a right.
SELECT to_jsonb(x) AS row FROM person_accesses AS x WHERE x.person_id = $1 ORDER BY x.accessed_at;

-- name: record_of_legal_holds
-- Whether a legal claim keeps the person from being erased.
SELECT to_jsonb(h) AS row FROM legal_holds AS h WHERE h.person_id = $1;

-- name: record_of_objections
-- Whether the person objected.
SELECT to_jsonb(b) AS row FROM objections AS b WHERE b.person_id = $1;

-- name: record_of_consents
-- Everything the person agreed to, withdrawn or not, and whether it counts.
SELECT to_jsonb(c) AS row FROM consents_with_proof AS c WHERE c.person_id = $1 ORDER BY c.given_at, c.id;
