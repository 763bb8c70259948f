"""Hybrid meetups: a room on site and a room online, each with its own seats and its own waiting list."""

from uuid import UUID

import httpx

from services.registration.admission import Admission
from tests.integration.registration.conftest import House, application_of


async def _rooms(http: httpx.AsyncClient, meetup_id: UUID) -> dict[str, tuple[int, int, int]]:
    rooms = (await http.get(f"/api/v1/meetups/{meetup_id}")).json()["rooms"]
    return {room["mode"]: (room["capacity"], room["free"], room["waiting"]) for room in rooms}


async def test_each_room_fills_and_lines_up_by_itself(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup(capacity=1, online=2)).meetup.id
    answers = []
    for person, mode in enumerate(("onsite", "onsite", "online", "online", "online", None)):
        form = {"email": f"p{person}@firm.example", "full_name": "Ali", "headcount": "1-9", "mode": mode}
        answers.append(
            await http.post(
                f"/api/v1/meetups/{meetup_id}/registrations", json=form, headers={"Idempotency-Key": f"k{person}"}
            )
        )
    told = [(answer.json()["status"], answer.json().get("position")) for answer in answers]
    held = ("held", None)
    assert told == [held, ("waitlisted", 1), held, held, ("waitlisted", 1), ("waitlisted", 2)]
    assert await _rooms(http, meetup_id) == {"onsite": (1, 0, 2), "online": (2, 0, 1)}
    assert [await house.balance(meetup_id, mode) for mode in ("onsite", "online")] == [(1, 2), (2, 1)]
    facts = await house.facts()
    assert facts.count("meetup.filled") == 1
    assert facts[-1] == "registration.waitlisted"
    [log] = await house.rows(
        "SELECT array_agg(body::jsonb ->> 'mode') AS modes FROM event_log WHERE type LIKE '%held%'"
    )
    assert sorted(log["modes"]) == ["online", "online", "onsite"]


async def test_the_last_seat_is_told_of_whoever_takes_it_by_changing_rooms(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=2, online=1)).meetup.id
    receipts = [(await admission.ask(application_of(meetup_id, n))).receipt for n in range(2)]
    assert "meetup.filled" not in await house.facts(), "a seat is free online"
    for mode in ("online", "onsite"):
        bearer = {"Authorization": f"Bearer {await house.token(receipts[0].reference)}"}
        moved = await http.post(
            f"/api/v1/registrations/{receipts[0].reference}/mode", json={"mode": mode}, headers=bearer
        )
        assert moved.json()["status"] == "confirmed"
        # Both rooms have been full, not at the same moment: on site by registering, online by changing to it.
        assert (await house.facts()).count("meetup.filled") == 1
    [version] = await house.rows("SELECT version FROM meetups")
    assert version["version"] == 2


async def test_a_room_that_does_not_exist_is_refused(http: httpx.AsyncClient, house: House) -> None:
    meetup_id = (await house.meetup()).meetup.id
    form = {"email": "p@firm.example", "full_name": "Ali", "headcount": "1-9", "mode": "online"}
    refused = await http.post(f"/api/v1/meetups/{meetup_id}/registrations", json=form, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-such-room")


async def test_organisers_open_a_room_online_and_give_it_seats(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    here = f"/api/v1/meetups/{meetup_id}"
    refused = await http.patch(here, json={"online_capacity": 5}, headers=admin)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/online_capacity")
    hybrid = await http.patch(here, json={"attendance_mode": "hybrid", "online_capacity": 1}, headers=admin)
    assert [(room["mode"], room["seats_allowed"]) for room in hybrid.json()["rooms"]] == [("onsite", 1), ("online", 1)]
    for person in range(3):
        await admission.ask(application_of(meetup_id, person, mode="online"))
    grown = await http.patch(here, json={"online_capacity": 2}, headers=admin)
    assert [(room["seats_taken"], room["waiting"]) for room in grown.json()["rooms"]] == [(0, 0), (2, 1)]
    kept = await http.patch(here, json={"attendance_mode": "onsite"}, headers=admin)
    assert (kept.status_code, kept.json()["type"]) == (409, "/problems/room-in-use")
    assert await _rooms(http, meetup_id) == {"onsite": (1, 1, 0), "online": (2, 0, 1)}


async def test_a_room_nobody_ever_registered_for_may_go_and_one_that_was_used_stays(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=1, online=1)).meetup.id
    here = f"/api/v1/meetups/{meetup_id}"
    for mode, rooms in (("onsite", ["onsite"]), ("hybrid", ["onsite", "online"])):
        changed = await http.patch(here, json={"attendance_mode": mode}, headers=admin)
        assert [room["mode"] for room in changed.json()["rooms"]] == rooms
    outcome = await admission.ask(application_of(meetup_id, 1, mode="online"))
    token = await house.token(outcome.receipt.reference)
    bearer = {"Authorization": f"Bearer {token}"}
    await http.post(f"/api/v1/registrations/{outcome.receipt.reference}/cancel", headers=bearer)
    kept = await http.patch(here, json={"attendance_mode": "onsite"}, headers=admin)
    assert (kept.status_code, kept.json()["type"]) == (409, "/problems/room-in-use")


async def test_the_only_room_goes_online_with_everybody_in_it(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    for person in range(2):
        await admission.ask(application_of(meetup_id, person))
    moved = await http.patch(f"/api/v1/meetups/{meetup_id}", json={"attendance_mode": "online"}, headers=admin)
    assert [(room["mode"], room["seats_taken"], room["waiting"]) for room in moved.json()["rooms"]] == [
        ("online", 1, 1)
    ]
    assert await house.balance(meetup_id, "online") == (1, 1)
