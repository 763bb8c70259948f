"""The nightly job's record, holds, and what exports, erasures and nights look for. Pre-deployment: it only adds."""

from chassis.migrations import run_chassis_sql, run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    run_chassis_sql("retention")
    run_sql_beside(__file__)
