"""What the programme is searched by, and the meetup as it is shown. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create both."""
    run_sql_beside(__file__)
