"""Organisations, meetups, people, registrations, attendance, keys and tokens. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the service's tables."""
    run_sql_beside(__file__)
