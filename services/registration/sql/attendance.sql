-- name: known_scans
-- Results of scans that were received before, whatever has become of the registration since.
SELECT scan_id, result FROM scans WHERE scan_id = ANY($1::uuid[]);

-- name: record_scans
-- Keeps every scan with its result, those turned away included.
INSERT INTO scans (scan_id, meetup_id, registration_id, kind, result, scanned_at, received_at)
SELECT scan_id, $1, registration_id, kind, result, scanned_at, $2
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[]) AS s(scan_id, registration_id, kind, result, scanned_at)
ON CONFLICT (scan_id) DO NOTHING;
