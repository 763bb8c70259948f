-- What somebody's export asks for, without reading every mail there is.
CREATE INDEX deliveries_of_recipient ON deliveries (recipient_id);
CREATE INDEX deliveries_of_registration ON deliveries (registration_id);
