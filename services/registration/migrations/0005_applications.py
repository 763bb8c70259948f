"""What people tell when they register. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    run_sql_beside(__file__)
