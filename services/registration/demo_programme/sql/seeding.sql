-- name: seed_organisations
-- Adds the organisers that are not there yet; those that are stay as they are, whatever was changed in them since.
INSERT INTO organisations (id, version, name, kind, email, locale, new_registration_mail, changed_at)
SELECT id, 1, name, kind, email, 'fr', new_registration_mail, $6
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new(id, name, kind, email, new_registration_mail)
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: seed_meetups
-- Adds published meetups that are not there yet, all at once: 330 of them one by one would take 2,000 round trips.
INSERT INTO meetups (id, slug, territory, title, description, format, attendance_mode, timezone, starts_local, ends_local, closes_local,
                     starts_at, ends_at, closes_at, venue_name, venue_address, join_url,
                     status, version, calendar_sequence, demo, created_at, changed_at)
SELECT new.*, 'published', 1, 0, true, $18, $18
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamp[],
            $10::timestamp[], $11::timestamp[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[],
            $17::text[]) AS new
ON CONFLICT DO NOTHING
RETURNING id;

-- name: seed_rooms
-- Opens the rooms of the meetups just added.
INSERT INTO rooms (meetup_id, mode, capacity, overbooking_percent)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[]);

-- name: seed_meetup_organisers
-- Says who holds the meetups just added.
INSERT INTO meetup_organisers (meetup_id, organisation_id, role)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]);

-- name: seed_facets
-- Says what the meetups just added are searched by; lists are joined by commas, since arrays of arrays are all of one length.
UPDATE meetups SET audiences = string_to_array(new.audiences, ','), level = new.level, sectors = string_to_array(new.sectors, ','),
    needs = string_to_array(new.needs, ','), keywords = new.keywords, held_by = new.held_by
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS new(id, audiences, level, sectors, needs, keywords, held_by)
WHERE meetups.id = new.id;
