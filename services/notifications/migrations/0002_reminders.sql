ALTER TABLE meetups ADD COLUMN starts_at timestamptz, ADD COLUMN scheduled_at timestamptz;
UPDATE meetups SET starts_at = (state ->> 'starts_at')::timestamptz, scheduled_at = (state ->> 'changed_at')::timestamptz;
ALTER TABLE meetups ALTER COLUMN starts_at SET NOT NULL, ALTER COLUMN scheduled_at SET NOT NULL;
CREATE INDEX meetups_to_come ON meetups (starts_at) WHERE state ->> 'status' = 'published';
COMMENT ON COLUMN meetups.scheduled_at IS 'When its present start was announced: whoever hears of a date after the hour of the reminder needs none.';

ALTER TABLE registrations
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN mode text CHECK (mode IN ('onsite', 'online')),
    ADD COLUMN timezone text,
    ADD COLUMN awaiting_approval boolean NOT NULL DEFAULT false,
    ADD COLUMN calendar_changes int NOT NULL DEFAULT 0 CHECK (calendar_changes >= 0),
    ADD COLUMN named_by text;
-- When they were confirmed nobody wrote down; a reminder too few is better than one on the heels of the confirmation.
UPDATE registrations SET confirmed_at = now() WHERE status = 'confirmed';
ALTER TABLE registrations ADD CONSTRAINT confirmed_at_some_time CHECK (status <> 'confirmed' OR confirmed_at IS NOT NULL);
COMMENT ON COLUMN registrations.timezone IS 'Zone of the attendee''s own clock where it was told; mails then say both hours.';

ALTER TABLE deliveries DROP CONSTRAINT deliveries_kind_check, DROP CONSTRAINT deliveries_check3, DROP CONSTRAINT deliveries_check4;
ALTER TABLE deliveries
    ADD CONSTRAINT known_kind CHECK (kind IN (
        'confirm_address', 'seat_confirmed', 'waiting_list', 'request_received', 'seat_offered', 'registration_cancelled',
        'registration_expired', 'mode_changed', 'meetup_moved', 'join_changed', 'reminder', 'registration_links',
        'new_registration', 'new_registrations', 'meetup_full'
    )),
    ADD CONSTRAINT about_what_its_kind_is_about CHECK (
        CASE kind
            WHEN 'new_registrations' THEN recipient_kind = 'organisation' AND meetup_id IS NULL
            WHEN 'registration_links' THEN recipient_kind = 'person' AND meetup_id IS NULL AND registration_id IS NULL
                AND facts ? 'registration_ids'
            ELSE meetup_id IS NOT NULL AND (recipient_kind = 'organisation' OR registration_id IS NOT NULL)
        END
    ),
    ADD CONSTRAINT a_reminder_is_of_a_day CHECK (kind <> 'reminder' OR facts ? 'day');
-- One reminder for a registration and a day of the meetup.
CREATE UNIQUE INDEX deliveries_reminders ON deliveries (registration_id, (facts ->> 'day')) WHERE kind = 'reminder';
