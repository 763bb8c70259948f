-- name: server
-- Which PostgreSQL it is, what time it has, and whether we are its administrator.
SELECT current_setting('server_version_num')::int AS version_number, current_setting('server_version') AS version,
       clock_timestamp() AS clock, current_user AS role,
       (SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user) AS administers;

-- name: rows_out_of_reach
-- Tables and views of the service whose rows its role may not read, or not write where it has to: the event log takes new ones only.
SELECT format('%I.%I', n.nspname, c.relname) AS place
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
           AND (c.relname IN ('alembic_version', 'oldest_program') OR has_table_privilege(c.oid, 'INSERT')))
ORDER BY place LIMIT 5;

-- name: liberties
-- What a service's role may and should not: change the schema, the record of migrations, or enter another service's database.
SELECT 'change the schema of its database' AS liberty WHERE has_schema_privilege('public', 'CREATE')
UNION ALL
SELECT 'rewrite the record of migrations' WHERE has_table_privilege(to_regclass('alembic_version'), 'UPDATE')
UNION ALL
SELECT format('enter the database %s', datname) FROM pg_database
WHERE datname = ANY($1::text[]) AND datname <> current_database() AND has_database_privilege(datname, 'CONNECT');
