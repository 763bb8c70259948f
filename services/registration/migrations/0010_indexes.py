"""Indexes for exports and for the nights. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create them."""
    run_sql_beside(__file__)
