"""Composition root of the console: one ASGI application over a mail sink, a trace store and the run's processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from local.console import api, mailbox_pages, overview_pages, probes, problems, receiver, trace_pages
from local.console.desk import Desk
from local.console.guard import OnlyThisMachine
from local.console.health import HealthDesk
from local.console.processes import read_run
from local.console.traces import TraceStore
from local.mail_sink import MailSink

_STATIC = Path(__file__).parent / "static"


def create_app(*, sink: MailSink, traces: TraceStore | None = None, state: Path | None = None) -> Starlette:
    """The application; it starts the mail sink with itself and stops it again."""
    desk = Desk(
        sink=sink, traces=TraceStore() if traces is None else traces, health=HealthDesk(lambda: read_run(state))
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await sink.start()
        try:
            yield
        finally:
            await sink.stop()
            await desk.health.close()

    return Starlette(
        routes=[
            *receiver.routes(desk.traces),
            *probes.routes(desk),
            *overview_pages.routes(desk),
            *mailbox_pages.routes(desk),
            *trace_pages.routes(desk),
            *api.routes(desk),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(OnlyThisMachine)],
        exception_handlers={HTTPException: problems.answer, 500: problems.answer},
        lifespan=lifespan,
    )
