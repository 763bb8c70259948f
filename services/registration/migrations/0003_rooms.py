"""Seats by way of attending, and approval. Pre-deployment: it only adds."""

from chassis.migrations import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    run_sql_beside(__file__)
