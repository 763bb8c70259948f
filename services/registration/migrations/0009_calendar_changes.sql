ALTER TABLE registrations ADD COLUMN calendar_changes integer NOT NULL DEFAULT 0 CHECK (calendar_changes >= 0);
COMMENT ON COLUMN registrations.calendar_changes IS 'Changes of a confirmed seat between on site and online; part of the SEQUENCE of its calendar entry.';
