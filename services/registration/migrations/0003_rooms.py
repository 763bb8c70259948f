"""Seats by way of attending. The counters leave `meetups`: processes of the version before are stopped first."""

from chassis.migrations import run_sql_beside

revision = "0003"
down_revision = "0002"
oldest_program = "0003"


def upgrade() -> None:
    """Make the rooms of the meetups there are, and put their registrations into them."""
    run_sql_beside(__file__)
