"""Schema of the notifications database, in order."""
