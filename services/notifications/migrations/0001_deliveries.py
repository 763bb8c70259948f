"""Copies of what events tell, deliveries, and the lanes that keep them in order."""

from chassis.migrations import run_chassis_sql, run_sql_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the inbox, then the tables."""
    run_chassis_sql("inbox")
    run_sql_beside(__file__)
