-- What an export, an erasure and the nights look for, without reading every scan and registration there is.
CREATE INDEX scans_of_meetup ON scans (meetup_id);
CREATE INDEX scans_of_registration ON scans (registration_id);
CREATE INDEX registrations_expired ON registrations (changed_at) WHERE status = 'expired';
