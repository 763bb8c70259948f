-- What the role that runs a service may do, after every migration: it has the name of its database, which nobody else may enter, reads
-- and writes rows, and changes no table, no trigger and no record of migrations. Where one role does everything there is nobody to grant
-- anything to.
DO $$
DECLARE
    member text := current_database();
    place text;
BEGIN
    IF member = current_user OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = member) THEN
        RETURN;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), member);
    FOR place IN SELECT nspname FROM pg_namespace WHERE nspname = 'public' OR nspowner = current_user::regrole LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, member);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', place, member);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', place, member);
    END LOOP;
    -- What the owner makes between migrations: partitions of the event log, the set of tables of a rebuild.
    EXECUTE format('ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO %I', member);
    EXECUTE format('ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', member);
    EXECUTE format('ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO %I', member);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON alembic_version, oldest_program FROM %I', member);
END
$$;
