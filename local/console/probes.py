"""`/healthz`, `/readyz` and `/metrics` of the console itself."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from local.console.desk import Desk

_TEXT_FORMAT = "text/plain; version=0.0.4"


def routes(desk: Desk) -> list[Route]:
    """The probes. The console is ready when it can take both mails and spans: it is, from its first request on."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def metrics(_request: Request) -> Response:
        return Response(_metrics(desk), media_type=_TEXT_FORMAT)

    return [Route("/healthz", alive), Route("/readyz", alive), Route("/metrics", metrics)]


def _metrics(desk: Desk) -> str:
    counts = desk.traces.counts
    values = (
        ("counter", "rencontres_console_mails_received_total", "Mails taken", desk.sink.received),
        ("counter", "rencontres_console_mails_refused_total", "Mails refused", desk.sink.refused),
        ("counter", "rencontres_console_spans_received_total", "Spans taken", counts.received),
        ("counter", "rencontres_console_spans_rejected_total", "Spans without usable ids", counts.rejected),
        ("counter", "rencontres_console_spans_dropped_total", "Spans let go to stay within bounds", counts.dropped),
        ("gauge", "rencontres_console_spans", "Spans kept", desk.traces.span_count),
        ("gauge", "rencontres_console_traces", "Traces kept", len(desk.traces)),
    )
    return "".join(f"# HELP {n} {about}.\n# TYPE {n} {kind}\n{n} {value}\n" for kind, n, about, value in values)
