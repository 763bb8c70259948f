"""The role that runs the service cannot change what happened: the event log takes new rows only. Pre-deployment: it only adds."""

from chassis.migrations import run_chassis_sql

revision = "0014"
down_revision = "0011"


def upgrade() -> None:
    """Add the trigger, and let the relay make months without the right to make tables."""
    run_chassis_sql("insert_only")
