"""Approval, offers, tickets, changes of room and hand-overs of registrations. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Widen meetups and registrations."""
    run_sql_beside(__file__)
