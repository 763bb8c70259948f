ALTER TABLE live.meetup_facts ADD COLUMN private boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN live.meetup_facts.private IS 'Whether only who is invited may know of it: it is named in no public figure.';
