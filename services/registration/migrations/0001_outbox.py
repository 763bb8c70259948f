"""Event log, outbox and relay checkpoints. Pre-deployment: it only adds."""

from chassis.migrations import run_chassis_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the chassis's tables."""
    run_chassis_sql("outbox")
