"""Links found again: who asked, and when somebody was last written to. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Create them."""
    run_sql_beside(__file__)
