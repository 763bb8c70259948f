"""How often a registration has changed between on site and online: its calendar entry counts them."""

from chassis.migrations import run_sql_beside

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the count."""
    run_sql_beside(__file__)
