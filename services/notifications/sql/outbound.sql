-- name: claim_lanes
-- Takes up to $2 lanes with mail due, those ready longest first, and $5 mails of each in order. Lanes held by another sender are passed
-- over until their lease ends; `taken_over` tells of a sender that died with the lane in hand. $1 now, $3 this claim, $4 end of the lease.
WITH ready AS (
    SELECT recipient_id, claimed_by IS NOT NULL AS taken_over FROM lanes
    WHERE ready_at <= $1 ORDER BY ready_at LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE lanes SET claimed_by = $3, claimed_until = $4, retry_at = NULL FROM ready
    WHERE lanes.recipient_id = ready.recipient_id
    RETURNING lanes.recipient_id, lanes.recipient_kind, ready.taken_over
)
SELECT c.recipient_id, c.recipient_kind, c.taken_over, d.id, d.kind, d.registration_id, d.meetup_id, d.facts, d.trace, d.attempts,
       d.due_at, r.reference, r.locale, r.status, r.mode, r.timezone, r.named_by, m.version AS meetup_version
FROM claimed AS c
LEFT JOIN LATERAL (
    SELECT * FROM deliveries WHERE recipient_id = c.recipient_id AND status = 'waiting' AND due_at <= $1 ORDER BY seq LIMIT $5
) AS d ON true
LEFT JOIN registrations AS r USING (registration_id)
LEFT JOIN meetups AS m ON m.meetup_id = d.meetup_id
ORDER BY c.recipient_id, d.seq;

-- name: renew_lanes
-- Holds lanes for longer, each under its claim; returns those that are still held under it.
WITH mine AS (
    SELECT l.recipient_id FROM lanes AS l JOIN unnest($1::uuid[], $2::uuid[]) AS h(recipient_id, claim)
    ON l.recipient_id = h.recipient_id AND l.claimed_by = h.claim
    ORDER BY l.recipient_id FOR UPDATE OF l
)
UPDATE lanes SET claimed_until = $3 FROM mine WHERE lanes.recipient_id = mine.recipient_id RETURNING lanes.recipient_id;

-- name: meetup_states
-- The copies of these meetups.
SELECT meetup_id, version, state FROM meetups WHERE meetup_id = ANY($1::uuid[]);

-- name: record_sent
-- Notes mails that the server has accepted.
UPDATE deliveries SET status = 'sent', attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $2), finished_at = $2,
    last_error = NULL
WHERE id = ANY($1::uuid[]) AND status <> 'sent';

-- name: record_refused
-- Notes one more try that failed, for each: still waiting, or given up.
UPDATE deliveries AS d SET status = r.status, attempts = attempts + r.tried, last_error = r.reason,
    first_attempt_at = CASE WHEN r.tried > 0 THEN coalesce(first_attempt_at, $5) ELSE first_attempt_at END,
    finished_at = CASE WHEN r.status = 'waiting' THEN NULL ELSE $5 END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS r(id, status, reason, tried)
WHERE d.id = r.id AND d.status = 'waiting';

-- name: lock_lanes
-- Locks the lanes to be given back, in order: the statement after it then sees every delivery that was added to them meanwhile.
SELECT FROM lanes WHERE recipient_id = ANY($1::uuid[]) ORDER BY recipient_id FOR UPDATE;

-- name: release_lanes
-- Gives lanes back: to be tried again at the given time, or when their next mail is due; those with nothing left end here. Each under
-- its claim, so that to give back twice (an answer to COMMIT was lost) does no harm to who has taken the lane since.
WITH back AS (
    SELECT b.recipient_id, b.claim, b.retry_at,
           (SELECT min(due_at) FROM deliveries AS d WHERE d.recipient_id = b.recipient_id AND d.status = 'waiting') AS due_at
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS b(recipient_id, claim, retry_at)
), ended AS (
    DELETE FROM lanes USING back WHERE lanes.recipient_id = back.recipient_id AND claimed_by = back.claim AND back.due_at IS NULL
)
UPDATE lanes SET due_at = back.due_at, retry_at = back.retry_at, claimed_by = NULL, claimed_until = NULL
FROM back WHERE lanes.recipient_id = back.recipient_id AND claimed_by = back.claim AND back.due_at IS NOT NULL;

-- name: take_summaries
-- Gives the open counts of organisations to the summaries that are about to be sent; what a summary has taken it keeps over retries.
WITH taking AS (
    UPDATE summary_counts AS c SET delivery_id = t.delivery_id
    FROM unnest($1::uuid[], $2::uuid[]) AS t(delivery_id, organisation_id)
    WHERE c.organisation_id = t.organisation_id AND c.delivery_id IS NULL
    RETURNING c.delivery_id, c.meetup_id, c.seated, c.waitlisted
), taken AS (
    SELECT delivery_id, meetup_id, seated, waitlisted FROM taking
    UNION ALL
    SELECT delivery_id, meetup_id, seated, waitlisted FROM summary_counts WHERE delivery_id = ANY($1::uuid[])
)
SELECT t.delivery_id, t.meetup_id, sum(t.seated)::int AS seated, sum(t.waitlisted)::int AS waitlisted, m.state,
       coalesce(s.taken, 0) AS taken, coalesce(s.waiting, 0) AS waiting
FROM taken AS t JOIN meetups AS m USING (meetup_id) LEFT JOIN standings AS s USING (meetup_id)
GROUP BY t.delivery_id, t.meetup_id, m.state, s.taken, s.waiting;

-- name: registrations_to_link
-- What a mail of links tells of registrations, with the copies of their meetups.
SELECT r.registration_id, r.reference, r.status, r.awaiting_approval, r.mode, r.timezone, m.state
FROM registrations AS r JOIN meetups AS m USING (meetup_id) WHERE r.registration_id = ANY($1::uuid[]) ORDER BY m.starts_at, r.registration_id;
