-- name: api_token
-- What the bearer of an organiser's token may do; nothing for one that is unknown, expired or revoked.
SELECT id, name, scopes FROM api_tokens WHERE token_hash = $1 AND expires_at > $2 AND revoked_at IS NULL;

-- name: mint_api_token
-- Keeps the hash of a token for the organiser API.
INSERT INTO api_tokens (token_hash, id, name, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: record_organiser_action
-- Notes who did what to what.
INSERT INTO organiser_actions (id, acted_at, token_id, action, target_id, trace_id) VALUES ($1, $2, $3, $4, $5, $6);
