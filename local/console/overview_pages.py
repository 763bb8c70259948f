"""`/`: is everything well, what waits, and the last mails and registrations to begin with."""

from itertools import islice

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.console.desk import Desk
from local.console.pages import page
from local.console.trace_lines import is_somebodys, line
from local.run_state import RunState

_LATEST = 5
_SCANNED = 2_000


def routes(desk: Desk) -> list[Route]:
    """The overview."""

    async def overview(request: Request) -> Response:
        health = await desk.health.look()
        recent = islice(desk.traces.recent(), _SCANNED)
        registrations = (trace for trace in recent if is_somebodys(trace))
        return page(
            request,
            "overview.html",
            health=health,
            mails=list(reversed(desk.sink.mails[-_LATEST:])),
            traces=[line(trace) for trace in islice(registrations, _LATEST)],
            sink=desk.sink,
            store=desk.traces,
            places=_places(desk.health.run()),
        )

    return [Route("/", overview)]


def _places(run: RunState | None) -> list[tuple[str, str, str]]:
    """Where else to go: address, name, what it is."""
    if run is None:
        return []
    return [
        (run.public_url, "Programme", "the public site"),
        (f"{run.analytics_url}/statistiques", "Statistics", "what the network reaches"),
        (f"{run.public_url}/docs", "API", "registration, documented"),
    ]
