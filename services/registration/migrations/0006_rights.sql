-- Consents, and how long things are kept.
SELECT 1;
