"""Alembic's entry: it runs on the connection that `chassis.migrations` opened and locked, never on one of its own."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
