-- name: schema_revision
-- The last migration that ran, as Alembic notes it.
SELECT version_num FROM alembic_version;

-- name: oldest_program
-- The oldest program that the schema still serves, by its newest migration.
SELECT revision FROM oldest_program;

-- name: note_oldest_program
-- Write down which program is the oldest that the schema serves now.
INSERT INTO oldest_program (revision) VALUES ($1)
ON CONFLICT (only_one) DO UPDATE SET revision = excluded.revision WHERE oldest_program.revision <> excluded.revision;

-- name: server_clock
-- What time the database has.
SELECT clock_timestamp();
