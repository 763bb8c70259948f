"""The named queries of `sql/*.sql`."""

from chassis.sql import load_queries

QUERIES = load_queries("services.notifications")
