"""The whole network on one machine without containers: embedded PostgreSQL and NATS, mail sink, console, supervisor."""
