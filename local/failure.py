"""What an operator can read and act on: a command prints the message, without a traceback, and ends with 1."""


class Failure(RuntimeError):
    """Base of the errors of the embedded run; each subclass says when it is raised."""
