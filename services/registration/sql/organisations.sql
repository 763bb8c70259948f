-- name: declare_organisation
-- Adds an organisation or replaces what is known of it; every declaration is a new version.
INSERT INTO organisations (id, version, name, kind, email, locale, new_registration_mail, changed_at)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET version = organisations.version + 1, name = excluded.name, kind = excluded.kind, email = excluded.email,
    locale = excluded.locale, new_registration_mail = excluded.new_registration_mail, changed_at = excluded.changed_at
RETURNING version;

-- name: organisation_contacts
-- Where organisations are reached.
SELECT id, name, email, locale FROM organisations WHERE id = ANY($1::uuid[]);

-- name: controllers_of_meetup
-- Who answers for the personal data of a meetup, lead first; partners do not decide, hence are none.
SELECT o.name, m.role, o.email FROM meetup_organisers AS m JOIN organisations AS o ON o.id = m.organisation_id
WHERE m.meetup_id = $1 AND m.role <> 'partner' ORDER BY m.role <> 'lead', o.name;
