-- Once an hour for each reason: a stranger who registers an address again does not keep its owner from asking for their links.
ALTER TABLE link_mails ADD COLUMN reason text NOT NULL DEFAULT 'asked' CHECK (reason IN ('asked', 'registered_again'));
ALTER TABLE link_mails ALTER COLUMN reason DROP DEFAULT, DROP CONSTRAINT link_mails_pkey, ADD PRIMARY KEY (person_id, reason);

ALTER TABLE registrations ADD COLUMN handed_over boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN registrations.handed_over IS 'Whether the seat was not given back but given to somebody, which its page goes on saying.';
