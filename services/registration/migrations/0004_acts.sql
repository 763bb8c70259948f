-- What becomes of a registration: an organiser's word, an offer, a ticket, another room, another attendee.

-- Organisers say yes to each registration before it gets a place in line.
ALTER TABLE meetups ADD COLUMN approval boolean NOT NULL DEFAULT false;

-- Where to join online: opens the meetup to whoever knows it, hence in no event and on no public page.
ALTER TABLE meetups
    ADD COLUMN join_url     text    CHECK (join_url ~ '^https://' AND length(join_url) <= 500),
    ADD COLUMN join_changes integer NOT NULL DEFAULT 0 CHECK (join_changes >= 0);
COMMENT ON COLUMN meetups.join_changes IS 'How often confirmed seats online were told another address; part of the SEQUENCE of their calendar entries.';

ALTER TABLE registrations
    -- A request that waits for an organiser's word keeps its number from the first day on; it has no rank before the word is yes.
    ADD COLUMN approval text CHECK (approval IN ('pending', 'granted', 'refused')),
    -- What the code of the ticket says: random, so that a reference overheard is no ticket.
    ADD COLUMN ticket uuid NOT NULL DEFAULT gen_random_uuid(),
    -- The last offer of a seat, kept after it was taken, declined or ran out: by it the waiting list tells its odds.
    ADD COLUMN offered_at timestamptz,
    ADD COLUMN calendar_changes integer NOT NULL DEFAULT 0 CHECK (calendar_changes >= 0),
    ADD COLUMN handed_over boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT pending_waits CHECK (approval IS DISTINCT FROM 'pending' OR status IN ('waitlisted', 'cancelled'));
COMMENT ON COLUMN registrations.calendar_changes IS 'Changes of a confirmed seat between on site and online; part of the SEQUENCE of its calendar entry.';
COMMENT ON COLUMN registrations.handed_over IS 'Whether the seat was not given back but given to somebody, which its page goes on saying.';
