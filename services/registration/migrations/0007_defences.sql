-- What keeps the forms fair.
SELECT 1;
