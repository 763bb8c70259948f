"""Schema changes of the analytics database, in order."""
