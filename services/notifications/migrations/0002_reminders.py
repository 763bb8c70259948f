"""Reminders, mails of links, and what copies keep of a registration's way of attending and clock."""

from chassis.migrations import run_sql_beside

revision = "0002"
down_revision = "0001"
oldest_program = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the copies and the kinds of mail."""
    run_sql_beside(__file__)
