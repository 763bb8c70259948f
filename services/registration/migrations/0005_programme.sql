-- What the programme is searched by.
SELECT 1;
