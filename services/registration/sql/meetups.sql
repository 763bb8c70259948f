-- name: insert_meetup
-- A new draft.
INSERT INTO meetups (id, version, slug, status, territory, title, description, format, attendance_mode, timezone, starts_local, ends_local,
                     closes_local, starts_at, ends_at, closes_at, venue_name, venue_address, approval,
                     calendar_sequence, demo, created_at, changed_at, join_url)
VALUES ($1, 0, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $19, $19, $20);

-- name: update_meetup
-- Writes what may change in a locked meetup, its rooms excepted.
UPDATE meetups SET version = $2, status = $3, title = $4, description = $5, format = $6, attendance_mode = $7, timezone = $8,
    starts_local = $9, ends_local = $10, closes_local = $11, starts_at = $12, ends_at = $13, closes_at = $14, venue_name = $15,
    venue_address = $16, calendar_sequence = $17, changed_at = $18, approval = $19, join_url = $20, join_changes = $21
WHERE id = $1;

-- name: mark_filled
-- Notes that the last allowed seat of these rooms was taken for the first time.
UPDATE rooms AS r SET filled_at = $3 FROM unnest($1::uuid[], $2::text[]) AS f(meetup_id, mode)
WHERE r.meetup_id = f.meetup_id AND r.mode = f.mode AND r.filled_at IS NULL;

-- name: count_filled
-- Counts as an event of each of these locked meetups that all its rooms have been full.
UPDATE meetups SET version = version + 1, changed_at = $2 WHERE id = ANY($1::uuid[]);

-- name: remove_organisers
-- Makes room for the organisers as they are now.
DELETE FROM meetup_organisers WHERE meetup_id = $1;

-- name: add_organisers
-- Organisations of a meetup, each with its part.
INSERT INTO meetup_organisers (meetup_id, organisation_id, role)
SELECT $1, o.organisation_id, o.role FROM unnest($2::uuid[], $3::text[]) AS o(organisation_id, role);

-- name: missing_organisations
-- Those of the ids that no organisation has.
SELECT asked.id FROM unnest($1::uuid[]) AS asked(id) WHERE NOT EXISTS (SELECT FROM organisations AS o WHERE o.id = asked.id);

-- name: meetups_by_id
-- Meetups with their organisers; read after `lock_ledgers`, not with it: a statement that waited sees old organisers.
SELECT * FROM meetup_sheets WHERE id = ANY($1::uuid[]) ORDER BY id;

-- name: meetup_by_slug
-- One meetup by the name in its address.
SELECT * FROM meetup_sheets WHERE slug = $1;
