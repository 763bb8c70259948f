"""What the bearer of a mailed link may do: change the way of attending, hand the seat over, decline an offer."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest

from services.registration import links, meetups
from services.registration.admission import Admission
from services.registration.domain.registrations import Mode
from services.registration.domain.tickets import address, code_from
from services.registration.editing import Changes
from tests.integration.registration.conftest import ADMIN, STARTS, House, application_of


@dataclass
class Attendees:
    """People who register, open the links of their mails, and act."""

    house: House
    http: httpx.AsyncClient
    admission: Admission

    async def register(self, meetup_id: UUID, person: int, *, mode: Mode | None = None, confirmed: bool = False) -> str:
        outcome = await self.admission.ask(application_of(meetup_id, person, mode=mode))
        if confirmed:
            answer = await self.act(outcome.receipt.reference, "confirm")
            assert answer.status_code == 200
        return outcome.receipt.reference

    async def act(self, reference: str, act: str, **body: str) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {await self.house.token(reference)}"}
        return await self.http.post(f"/api/v1/registrations/{reference}/{act}", json=body or None, headers=bearer)

    async def status(self, reference: str) -> tuple[str, str]:
        [row] = await self.house.rows("SELECT status, mode FROM registrations WHERE reference = $1", reference)
        return row["status"], row["mode"]


@pytest.fixture
def attendees(house: House, http: httpx.AsyncClient, admission: Admission) -> Attendees:
    return Attendees(house, http, admission)


async def test_who_changes_rooms_is_confirmed_there_and_leaves_the_seat_to_the_next_in_line(
    house: House, attendees: Attendees
) -> None:
    meetup_id = (await house.meetup(capacity=1, online=2)).meetup.id
    mover = await attendees.register(meetup_id, 1)
    waiting = await attendees.register(meetup_id, 2)
    moved = await attendees.act(mover, "mode", mode="online")
    assert (moved.status_code, moved.json()["status"], moved.json()["mode"]) == (200, "confirmed", "online")
    assert (await attendees.act(mover, "mode", mode="online")).status_code == 200
    assert await attendees.status(waiting) == ("offered", "onsite")
    assert await house.balance(meetup_id, "onsite") == (1, 0)
    assert await house.balance(meetup_id, "online") == (1, 0)
    assert (await house.facts())[-2:] == ["registration.confirmed", "registration.offered"]


async def test_where_no_seat_is_free_or_somebody_waits_the_old_place_is_kept(
    house: House, attendees: Attendees
) -> None:
    meetup_id = (await house.meetup(capacity=2, online=1)).meetup.id
    stayer = await attendees.register(meetup_id, 1, confirmed=True)
    await attendees.register(meetup_id, 2, mode="online")
    full = await attendees.act(stayer, "mode", mode="online")
    assert (full.status_code, full.json()["type"]) == (409, "/problems/no-seat-there")
    assert await attendees.status(stayer) == ("confirmed", "onsite")
    elsewhere = await attendees.register((await house.meetup()).meetup.id, 3)
    assert (await attendees.act(elsewhere, "mode", mode="online")).json()["type"] == "/problems/no-such-room"


async def test_who_waits_on_site_may_take_a_free_seat_online(house: House, attendees: Attendees) -> None:
    meetup_id = (await house.meetup(capacity=1, online=1)).meetup.id
    await attendees.register(meetup_id, 1)
    waiting = await attendees.register(meetup_id, 2)
    await attendees.act(waiting, "mode", mode="online")
    assert await attendees.status(waiting) == ("confirmed", "online")
    assert await house.balance(meetup_id, "onsite") == (1, 0)
    assert await house.balance(meetup_id, "online") == (1, 0)


async def test_a_colleague_is_handed_the_very_seat_and_nobody_in_line_overtakes(
    house: House, attendees: Attendees
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    giver = await attendees.register(meetup_id, 1, confirmed=True)
    await attendees.register(meetup_id, 2)
    given = await attendees.act(giver, "hand-over", full_name="Moana Tetua", email="moana@firm.example")
    assert (given.status_code, given.json()["status"], given.json()["cancelled_by"]) == (200, "cancelled", "attendee")
    assert await house.statuses() == ["cancelled", "held", "waitlisted"]
    assert await house.balance(meetup_id) == (1, 1)
    assert (await house.facts())[-2:] == ["registration.cancelled", "registration.held"]
    [colleague] = await house.rows(
        "SELECT r.reference, a.full_name FROM registrations r JOIN attendees a ON a.registration_id = r.id WHERE status = 'held'"
    )
    assert colleague["full_name"] == "Moana Tetua"
    assert (await attendees.act(colleague["reference"], "confirm")).json()["status"] == "confirmed"
    again = await attendees.act(giver, "hand-over", full_name="Moana Tetua", email="moana@firm.example")
    assert again.json()["type"] == "/problems/registration-cancelled"


async def test_the_answer_is_the_same_for_a_colleague_who_comes_waits_or_is_new(
    house: House, attendees: Attendees
) -> None:
    answers, ends = [], []
    for n, colleague in enumerate((2, 3, 99)):
        meetup_id = (await house.meetup(capacity=2)).meetup.id
        giver = await attendees.register(meetup_id, 1 + 10 * n, confirmed=True)
        for person in (2, 3, 4):
            await attendees.register(meetup_id, person + 10 * n)
        address = f"person{colleague + 10 * n}@firm.example"
        answer = (await attendees.act(giver, "hand-over", full_name="Ali", email=address)).json()
        answers.append({name: value for name, value in answer.items() if name not in {"id", "reference", "meetup"}})
        rows = await house.rows("SELECT status FROM registrations WHERE meetup_id = $1 ORDER BY id", meetup_id)
        ends.append([row["status"] for row in rows])
        await house.balance(meetup_id)
    assert answers[0] == answers[1] == answers[2]
    assert ends == [
        # Comes already: the seat goes to the first in line. Waits: the seat is offered to them. New: the seat is held for them.
        ["cancelled", "held", "offered", "waitlisted"],
        ["cancelled", "held", "offered", "waitlisted"],
        ["cancelled", "held", "waitlisted", "waitlisted", "held"],
    ]
    await links.answer_due(house.work)
    assert (await house.facts()).count("person.links_requested") == 1


async def test_who_waits_for_the_other_room_is_offered_the_very_seat_and_leaves_that_line(
    house: House, attendees: Attendees
) -> None:
    meetup_id = (await house.meetup(capacity=2, online=1)).meetup.id
    giver = await attendees.register(meetup_id, 1, confirmed=True)
    for person, mode in ((2, "onsite"), (3, "onsite"), (4, "online")):
        await attendees.register(meetup_id, person, mode="online" if mode == "online" else "onsite")
    colleague = await attendees.register(meetup_id, 5, mode="online")
    await attendees.act(giver, "hand-over", full_name="Ali", email="person5@firm.example")
    assert await attendees.status(colleague) == ("offered", "onsite")
    assert await house.balance(meetup_id, "onsite") == (2, 1)
    assert await house.balance(meetup_id, "online") == (1, 0)
    assert (await house.facts())[-2:] == ["registration.cancelled", "registration.offered"]
    assert (await attendees.act(colleague, "confirm")).json()["status"] == "confirmed"


async def test_who_awaits_a_word_that_is_no_longer_asked_for_is_offered_the_very_seat(
    house: House, attendees: Attendees
) -> None:
    meetup_id = (await house.meetup(capacity=1, approval=True)).meetup.id
    colleague = await attendees.register(meetup_id, 2)
    await meetups.change(house.work, meetup_id, Changes(approval=False), by=ADMIN)
    giver = await attendees.register(meetup_id, 1, confirmed=True)
    await attendees.act(giver, "hand-over", full_name="Ali", email="person2@firm.example")
    assert (await attendees.status(colleague))[0] == "offered"
    assert await house.balance(meetup_id) == (1, 0)
    [row] = await house.rows(
        "SELECT body::jsonb AS body FROM event_log WHERE type LIKE '%offered%' ORDER BY position DESC LIMIT 1"
    )
    assert row["body"].get("awaiting_approval") is None


async def test_what_cannot_be_handed_over(house: House, attendees: Attendees) -> None:
    meetup_id = (await house.meetup(capacity=3)).meetup.id
    held = await attendees.register(meetup_id, 1)
    refused = await attendees.act(held, "hand-over", full_name="Ali", email="x@firm.example")
    assert refused.json()["type"] == "/problems/not-to-hand-over"
    await attendees.act(held, "confirm")
    own = await attendees.act(held, "hand-over", full_name="Ali", email="PERSON1@firm.example")
    assert own.json()["errors"][0]["code"] == "same-person"
    house.clock.moment = STARTS
    late = await attendees.act(held, "hand-over", full_name="Ali", email="x@firm.example")
    assert late.json()["type"] == "/problems/meetup-over"
    assert await house.balance(meetup_id) == (1, 0)


async def test_a_declined_offer_goes_to_the_next_and_is_not_offered_again(house: House, attendees: Attendees) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    first = await attendees.register(meetup_id, 1)
    second, third = await attendees.register(meetup_id, 2), await attendees.register(meetup_id, 3)
    nothing = await attendees.act(second, "decline")
    assert nothing.json()["type"] == "/problems/no-offer-to-decline"
    await attendees.act(first, "cancel")
    for _ in range(2):
        declined = await attendees.act(second, "decline")
        assert (declined.status_code, declined.json()["status"]) == (200, "cancelled")
    assert (await attendees.status(third))[0] == "offered"
    assert (await house.facts())[-2:] == ["registration.cancelled", "registration.offered"]
    assert await house.balance(meetup_id) == (1, 0)


async def test_the_door_reads_a_ticket_its_address_and_a_reference(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], attendees: Attendees
) -> None:
    meetup_id = (await house.meetup(capacity=3)).meetup.id
    references = [await attendees.register(meetup_id, person, confirmed=True) for person in range(3)]
    rows = {r["reference"]: r["ticket"] for r in await house.rows("SELECT reference, ticket FROM registrations")}
    read = [
        code_from(rows[references[0]]),
        address(rows[references[1]], public_url="https://rencontres.example"),
        references[2].lower(),
        code_from(uuid4()),
    ]
    scans = [{"scan_id": str(uuid4()), "reference": code, "scanned_at": STARTS.isoformat()} for code in read]
    taken = await http.post(f"/api/v1/meetups/{meetup_id}/check-ins", json={"scans": scans}, headers=admin)
    assert [r["result"] for r in taken.json()["results"]] == ["checked_in", "checked_in", "checked_in", "unknown"]
