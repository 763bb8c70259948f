"""Composition root of the HTTP process: the only place where its parts are wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from chassis import http, problems
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.health import Probes
from chassis.outbox import CHANNEL
from chassis.wakeup import Waker
from services.registration import problems as own_problems
from services.registration.admission import Admission
from services.registration.api import check_ins, meetups, organisations, organiser_meetups, registrations
from services.registration.settings import RegistrationSettings
from services.registration.work import Work

MAX_BODY = 64 * 1024


def build(settings: RegistrationSettings, *, clock: Clock | None = None) -> FastAPI:
    """Return the application; entering its lifespan connects it, leaving it serves those who wait and disconnects it."""
    probes = Probes()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with connected(settings, process="api", clock=clock) as work:
            app.state.work = work
            probes.add("database", work.database.ping)
            async with Admission(work, batch=settings.admission_batch, queue=settings.admission_queue) as admission:
                app.state.admission = admission
                yield
                probes.stop()

    app = FastAPI(
        title="Rencontres: registration",
        version=version("rencontres"),
        description="The programme of the network's meetups, registration for them, and what organisers do with both.",
        lifespan=lifespan,
        redoc_url=None,
        openapi_tags=[
            {"name": "programme", "description": "For everybody."},
            {"name": "registration", "description": "For attendees, who have links instead of passwords."},
            {"name": "organisers", "description": "With an organiser's token."},
            {"name": "door", "description": "With an organiser's token."},
        ],
    )
    api = APIRouter(prefix="/api/v1")
    for module in (registrations, organiser_meetups, check_ins, organisations, meetups):
        api.include_router(module.router)
    app.include_router(api)
    app.router.routes.extend(probes.routes())
    problems.install(app, messages=own_problems.MESSAGES)
    own_problems.install(app)
    http.install(app, max_body=MAX_BODY)
    return app


@asynccontextmanager
async def connected(settings: RegistrationSettings, *, process: str, clock: Clock | None = None) -> AsyncIterator[Work]:
    """Lend what use cases stand on, for the API, the worker and commands alike."""
    database = await Database.connect(
        settings.dsn("registration"), application=f"registration-{process}", max_size=settings.pool_size
    )
    try:
        yield Work(
            database=database,
            topology=settings.topology,
            clock=clock or SystemClock(),
            deadlines=settings.deadlines,
            waker=Waker(database, CHANNEL),
        )
    finally:
        await database.close()
