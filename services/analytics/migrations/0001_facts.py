"""Facts of meetups and registrations, their roll-ups, and the functions that put a rebuilt set of them in place."""

from chassis.migrations import run_sql_beside

revision = "0001_facts"
down_revision = None


def upgrade() -> None:
    """Create the set `live`."""
    run_sql_beside(__file__)
