"""`rencontres down`: stops a run and returns when nothing of it is left."""

import os
import select
import signal

from rich import print  # noqa: A004 - the same, in colour

from local.commands.options import Data
from local.failure import Failure
from local.run_state import DEFAULT_DATA, NotRunningError, load

_LONGER = 10.0
"""Seconds beyond those that a run takes to stop at most."""


class DidNotStopError(Failure):
    """The run did not end in time and was killed; the kernel ended its children."""


def down(*, data: Data = DEFAULT_DATA) -> None:
    """Stop the network; its data stays."""
    try:
        run = load(data)
        supervisor = os.pidfd_open(run.pid)
    except (NotRunningError, ProcessLookupError):
        print("Nothing runs.")
        return
    signal.pidfd_send_signal(supervisor, signal.SIGTERM)
    ended = select.poll()
    ended.register(supervisor, select.POLLIN)
    patience = run.stops_within + _LONGER
    if not ended.poll(patience * 1000):
        signal.pidfd_send_signal(supervisor, signal.SIGKILL)
        raise DidNotStopError(f"it did not stop in {patience:.0f} s and was killed")
    print("Stopped.")
