"""The nightly job's record, and whom a legal claim keeps from being forgotten. Pre-deployment: it only adds."""

from chassis.migrations import run_chassis_sql, run_sql_beside

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both."""
    run_chassis_sql("retention")
    run_sql_beside(__file__)
