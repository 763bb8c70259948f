"""Composition root: the only place where the parts of this service are wired together, for every process of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from chassis import http, problems, reference_page
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.health import Probes, served_apart
from chassis.outbox import CHANNEL
from chassis.starting import look_before_starting
from chassis.wakeup import Waker
from services.registration import problems as own_problems
from services.registration.access import unasked
from services.registration.admission import Admission
from services.registration.api import (
    acts,
    approvals,
    check_ins,
    group_registrations,
    invitations,
    links,
    meetups,
    organisations,
    organiser_meetups,
    registrations,
)
from services.registration.defences import again
from services.registration.defences.desk import Defences
from services.registration.defences.guard import Guard
from services.registration.pages.problems import problem_page
from services.registration.pages.routes import pages
from services.registration.pages.well_known import default_contact
from services.registration.settings import RegistrationSettings
from services.registration.work import Work

SERVICE = "registration"
PACKAGE = "services.registration"
MAX_BODY = 256 * 1024
"""Bytes of a request: five hundred scans of a door, each with the whole address of a ticket, are the largest."""
_TAGS = (
    ("programme", "For everybody."),
    ("registration", "For attendees, who have links instead of passwords."),
    ("organisers", "With an organiser's token."),
    ("door", "With an organiser's token."),
)


@asynccontextmanager
async def application(
    settings: RegistrationSettings, *, dsn: str | None = None, clock: Clock | None = None
) -> AsyncIterator[FastAPI]:
    """Lend the site and API, connected. Leaving serves those who wait for admission, then disconnects."""
    async with (
        connected(settings, process="api", dsn=dsn, clock=clock) as work,
        Admission(work, batch=settings.admission_batch, queue=settings.admission_queue) as admission,
    ):
        probes = Probes({"database": work.database.ping})
        app = build(probes, settings, clock=work.clock)
        app.state.work, app.state.admission, app.state.probes = work, admission, probes
        app.state.public_url, app.state.mail_from = settings.public_url, settings.mail_from
        app.state.operator, app.state.statistics_url = settings.operator, settings.statistics_url
        app.state.security_contact = settings.security_contact or default_contact(settings.contact, settings.public_url)
        async with served_apart(probes, settings.probe_port, host=settings.host):
            yield app


def build(probes: Probes, settings: RegistrationSettings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """Return the routes and what surrounds them, not connected to anything."""
    settings = settings or RegistrationSettings()
    app = FastAPI(
        title="Rencontres: registration",
        version=version("rencontres"),
        description="The programme of the network's meetups, registration for them, and what organisers do with both.",
        docs_url=None,
        redoc_url=None,
        openapi_tags=[{"name": name, "description": description} for name, description in _TAGS],
    )
    for module in (
        registrations,
        group_registrations,
        acts,
        approvals,
        links,
        organiser_meetups,
        invitations,
        check_ins,
        organisations,
        meetups,
    ):
        # Not `include_router`: with FastAPI 0.165 every router on the way to a route is matched again on every request.
        app.router.routes.extend(unasked(module.router.routes))
    app.include_router(pages())
    if settings.probe_port is None:
        app.router.routes.extend(probes.routes())
    reference_page.install(app)
    problems.install(app, render_html=problem_page, messages=own_problems.MESSAGES)
    own_problems.install(app)
    again.install(app)
    app.state.defences = Defences(settings, clock or SystemClock())
    app.add_middleware(Guard, defences=app.state.defences)
    http.install(app, max_body=MAX_BODY, proxies=settings.proxies)
    return app


@asynccontextmanager
async def connected(
    settings: RegistrationSettings, *, process: str, dsn: str | None = None, clock: Clock | None = None
) -> AsyncIterator[Work]:
    """Lend what use cases stand on: for the API, the worker and commands alike."""
    database = await Database.connect(
        dsn or settings.dsn(SERVICE), application=f"{SERVICE}-{process}", max_size=settings.pool_size
    )
    waker = Waker(database, CHANNEL)
    try:
        await look_before_starting(database, package=PACKAGE)
        yield Work(
            database=database,
            topology=settings.topology,
            clock=clock or SystemClock(),
            deadlines=settings.deadlines,
            waker=waker,
            retention=settings.retention,
            nats_url=settings.nats,
        )
        await waker.flush()
    finally:
        await database.close()
