-- Which events a consumer has already acted on. The broker delivers at least once; what an event sets off must happen once.
-- Rows are kept for good: after a lost broker the whole log may come again, and an old event must not send a second mail.
CREATE TABLE inbox (
    consumer    text        NOT NULL,
    event_id    uuid        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
