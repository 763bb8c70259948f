-- name: insert_invitation
-- A code for a meetup, as its hash; nothing where there is no such meetup.
INSERT INTO invitations (id, meetup_id, code_hash, label, max_uses, expires_at, created_at)
SELECT $1, m.id, $3, $4, $5, $6, $7 FROM meetups AS m WHERE m.id = $2
RETURNING id;

-- name: invitations_of_meetup
-- Codes of a meetup that were not revoked, the newest first.
SELECT id, label, max_uses, used, expires_at, created_at FROM invitations
WHERE meetup_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id;

-- name: revoke_invitation
-- Makes a code open nothing from now on; registrations it admitted stay.
UPDATE invitations SET revoked_at = $3 WHERE meetup_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id;
