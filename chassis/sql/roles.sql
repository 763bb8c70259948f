-- name: statements_for_roles
-- The statements that make owner and user of a database ($1), with their passwords ($2, $3), and the database.
WITH role(name, password) AS (VALUES ($1::text || '_owner', $2::text), ($1, $3))
SELECT statement FROM (
    SELECT 1 AS step, format(
        '%s ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
        CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN 'ALTER' ELSE 'CREATE' END, name, password
    ) AS statement
    FROM role
    UNION ALL
    SELECT 2, CASE WHEN EXISTS (SELECT FROM pg_database WHERE datname = $1) THEN format('ALTER DATABASE %I OWNER TO %I', $1, $1 || '_owner')
                   ELSE format('CREATE DATABASE %I OWNER %I', $1, $1 || '_owner') END
) AS steps ORDER BY step, statement;

-- name: statements_for_adoption
-- The statements that give the owner ($1) what somebody else made in its database, as when one role did everything so far.
SELECT statement FROM (
    SELECT 1 AS step, format('ALTER SCHEMA %I OWNER TO %I', nspname, $1::text) AS statement
    FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema') AND nspowner <> $1::regrole
    UNION ALL
    SELECT 2, format('ALTER %s %s OWNER TO %I', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass, $1)
    FROM pg_class AS c
    WHERE relkind IN ('r', 'p', 'v', 'S') AND relowner <> $1::regrole AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND classid = 'pg_class'::regclass AND deptype IN ('e', 'i', 'a') AND refclassid = 'pg_class'::regclass AND relkind = 'S')
    UNION ALL
    SELECT 3, format('ALTER TYPE %s OWNER TO %I', t.oid::regtype, $1)
    FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE c.relkind = 'c' AND t.typowner <> $1::regrole AND t.typnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT 4, format('ALTER ROUTINE %s OWNER TO %I', oid::regprocedure, $1)
    FROM pg_proc WHERE proowner <> $1::regrole AND pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
) AS steps ORDER BY step, statement;
