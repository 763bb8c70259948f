"""Indexes for exports. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    run_sql_beside(__file__)
