"""Answers to addresses that are registered already, and links found again. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create them."""
    run_sql_beside(__file__)
