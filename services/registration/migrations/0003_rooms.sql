-- Seats by way of attending, and approval.
SELECT 1;
