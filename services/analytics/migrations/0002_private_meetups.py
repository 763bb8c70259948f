"""Which meetups no public figure may name. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0002_private_meetups"
down_revision = "0001_facts"


def upgrade() -> None:
    """Add the column; what was projected before had no private meetups."""
    run_sql_beside(__file__)
