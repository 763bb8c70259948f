"""Schemathesis against the running API: whatever is sent, the answer is one that the document promises, and never a failure of ours."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from chassis.clock import ManualClock
from chassis.health import Probes
from chassis.migrations import migrate
from chassis.serving import Server
from services.registration import approving, invitations, registering
from services.registration.admission import Admission
from services.registration.app import application, build
from services.registration.invitations import NewInvitation
from services.registration.organisers import Scope, mint_token
from services.registration.settings import RegistrationSettings
from tests.fixtures.servers import PostgresServer
from tests.integration.registration.conftest import ADMIN, NOW, House, application_of

if TYPE_CHECKING:
    from schemathesis.specs.openapi.schemas import OpenApiOperation

EXAMPLES = 8
MEETUP, CHOSEN = UUID(int=1), UUID(int=2)
"""A hybrid meetup, and one whose organisers choose who comes."""
REFERENCE = "R-7K4QX-9M2TC"

ACTS = ("confirm", "cancel", "decline", "mode", "hand-over", "approve", "refuse")
"""Each on a registration of its own, as it must be found, so that an act meets more than the refusal of the one before."""
OWN = {act: f"R-7K4QX-9M2T{number}" for number, act in enumerate(ACTS)}

# A cursor of nobody, a date that does not exist, an unknown organisation: they fit the schema and are refused all the same.
_ACCEPTED = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "400", "401", "403", "404", "409", "422"])

WHOLLY_DESCRIBED = {
    "POST /api/v1/meetups/{meetup_id}/check-ins",
    "POST /api/v1/organisations",
    "POST /api/v1/registrations/{reference}/mode",
    "POST /api/v1/registrations/{reference}/hand-over",
    "POST /api/v1/links",
}
"""Where no field of a body that fits the schema is ever wrong. Registering has checksums, zones and questions no schema knows."""

# `format: email` says more than RFC 5322 allows and less than a mail server takes: addresses as people have them.
schemathesis.openapi.format(
    "email",
    st.from_regex(
        r"[A-Za-z0-9]{1,20}([._+'-][A-Za-z0-9]{1,20})?@([a-zé][a-z0-9]{0,20}\.){1,3}(fr|re|example)", fullmatch=True
    ),
)


@dataclass(frozen=True, slots=True)
class Live:
    """The API on a port, with people registered. `attendees` are what their links hold, by reference."""

    url: str
    organiser: str
    attendees: Mapping[str, str]
    invitation_id: UUID


@pytest.fixture(scope="module")
def live(postgres_server: PostgresServer) -> Iterator[Live]:
    """Serve it on a loop of its own: Schemathesis calls from a blocking test."""
    found: Future[Live] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        dsn = await postgres_server.create_database()
        await migrate(dsn, package="services.registration")
        async with application(RegistrationSettings(), dsn=dsn, clock=ManualClock(NOW)) as app:
            server = Server(app, host="127.0.0.1", port=0)
            await server.start()
            house = House(app.state.work, app.state.work.clock)
            await house.meetup(capacity=1000, online=1000, slug="hybrid", id_=MEETUP)
            await house.meetup(capacity=1000, approval=True, slug="chosen", id_=CHOSEN)
            attendees = {
                reference: await _registered(house, app.state.admission, person, reference, act)
                for person, (act, reference) in enumerate({"": REFERENCE, **OWN}.items())
            }
            code = NewInvitation(label="Adhérents", max_uses=None, expires_at=None)
            invitation, _ = await invitations.invite(house.work, MEETUP, code, by=ADMIN)
            found.set_result(
                Live(
                    url=f"http://127.0.0.1:{server.port}",
                    organiser=await mint_token(house.work, name="test", scopes=Scope, lasts=timedelta(days=1)),
                    attendees=attendees,
                    invitation_id=invitation.id,
                )
            )
            await stop.wait()
            await server.stop()
        await postgres_server.drop_database(dsn)

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:
            if not found.done():
                found.set_exception(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    yield found.result(timeout=60)
    loop.call_soon_threadsafe(stop.set)
    thread.join(timeout=30)


async def _registered(house: House, desk: Admission, person: int, reference: str, act: str) -> str:
    """Register somebody under this reference, as far as the act needs it; return what their link holds."""
    meetup_id = CHOSEN if act in ("approve", "refuse", "decline") else MEETUP
    receipt = (await desk.ask(application_of(meetup_id, person))).receipt
    await house.rows("UPDATE registrations SET reference = $2 WHERE id = $1", receipt.id, reference)
    token = await house.token(reference)
    if act == "decline":
        await approving.approve(house.work, CHOSEN, reference, by=ADMIN)  # a free seat is offered at once
    if act in ("mode", "hand-over"):
        await registering.confirm(house.work, reference=reference, token=token)
    return token


def _schema(parameters: dict[str, str]) -> OpenApiSchema:
    project = ProjectConfig(
        checks=ChecksConfig(positive_data_acceptance=_ACCEPTED),
        generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, no_shrink=True),
        parameters=dict(parameters),
    )
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(build(Probes()).openapi(), config=config)


_anywhere = _schema({})
_somewhere = _schema({"path.meetup_id": str(MEETUP), "path.reference": REFERENCE})
_bounded = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@_anywhere.parametrize()
@_bounded
def test_whatever_is_sent(case: "schemathesis.Case[OpenApiOperation]", live: Live) -> None:
    """Ids are made up, malformed ones included."""
    _call(case, live)


@_somewhere.parametrize()
@_bounded
def test_whatever_is_sent_to_something_that_exists(case: "schemathesis.Case[OpenApiOperation]", live: Live) -> None:
    """So that bodies are looked at."""
    act = case.operation.path.rpartition("/")[2]
    given = case.path_parameters
    if act in OWN and given.get("reference") == REFERENCE:
        given["reference"] = OWN[act]
        if "meetup_id" in given:
            given["meetup_id"] = str(CHOSEN)
    if "invitation_id" in given:
        given["invitation_id"] = str(live.invitation_id)
    _call(case, live)


def _call(case: "schemathesis.Case[OpenApiOperation]", live: Live) -> None:
    answer = case.call_and_validate(base_url=live.url, headers=_bearer(case, live))
    if case.operation.label in WHOLLY_DESCRIBED and case.meta is not None and case.meta.generation.mode.is_positive:
        assert b"/problems/invalid-input" not in answer.content, f"the document promises more than {answer.content!r}"


def _bearer(case: "schemathesis.Case[OpenApiOperation]", live: Live) -> dict[str, str]:
    if "/v1/registrations/{" not in case.operation.path:
        return {"Authorization": f"Bearer {live.organiser}"}
    reference = str((case.path_parameters or {}).get("reference"))
    return {"Authorization": f"Bearer {live.attendees.get(reference, live.attendees[REFERENCE])}"}
