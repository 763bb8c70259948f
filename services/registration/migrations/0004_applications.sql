-- What people tell when they register.
SELECT 1;
