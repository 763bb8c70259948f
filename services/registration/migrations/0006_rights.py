"""Consents, and how long things are kept. Pre-deployment: it only adds."""

from chassis.migrations import run_chassis_sql, run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create them."""
    run_chassis_sql("retention")
    run_sql_beside(__file__)
