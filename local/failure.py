"""What an operator can read and act on: a command prints the message, without a traceback, and ends with its code."""


class Failure(RuntimeError):
    """Base of the errors of the embedded run; each subclass says when it is raised."""

    exit_code: int = 1
    """One of `chassis.exits.Exit` where it says what kind of trouble it is."""
