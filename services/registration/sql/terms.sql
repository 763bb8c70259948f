-- name: write_terms
-- What a locked meetup asks of who registers, and whether it is in lists.
UPDATE meetups SET visibility = $2, questions = $3 WHERE id = $1;
