"""Objections, holds, accesses, and what the nights look for. Pre-deployment: it only adds."""

from chassis.migrations import run_chassis_sql, run_sql_beside

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create them, and clear the samples the planner took of names and addresses."""
    run_chassis_sql("retention")
    run_sql_beside(__file__)
