"""What all pages read from: the mails, the traces and the health of the run. Held once, by the process."""

from dataclasses import dataclass

from local.console.health import HealthDesk
from local.console.traces import TraceStore
from local.mail_sink import MailSink


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the console knows, all of it in memory."""

    sink: MailSink
    traces: TraceStore
    health: HealthDesk
