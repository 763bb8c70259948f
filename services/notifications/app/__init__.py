"""The composition root: the only place where the parts of this service are put together. One module a process, so that each imports its own."""

SERVICE = "notifications"
PACKAGE = "services.notifications"
