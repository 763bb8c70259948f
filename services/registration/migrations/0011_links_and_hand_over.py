"""When links were last sent, for each reason; and which seats were handed over rather than given back."""

from chassis.migrations import run_sql_beside

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add both."""
    run_sql_beside(__file__)
