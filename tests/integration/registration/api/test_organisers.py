"""The organiser API: drafts, publication, changes, moves, the end; attendees and the door."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from services.registration.admission import Admission
from services.registration.domain.refusals import RegistrationClosed
from services.registration.organisers import Scope, mint_token
from services.registration.sweeping import expire_due
from tests.integration.registration.conftest import STARTS, House, application_of

Json = dict[str, object]


def draft(organisation_id: object, **more: object) -> Json:
    return {
        "title": "L’IA au comptoir",
        "territory": "976",
        "format": "talk",
        "starts_local": "2027-04-15T18:00:00",
        "ends_local": "2027-04-15T20:00:00",
        "venue": {"name": "CCI de Mayotte", "address": "Place Mariage, 97600 Mamoudzou"},
        "capacity": 2,
        "organisers": [{"organisation_id": str(organisation_id), "role": "lead"}],
        **more,
    }


@pytest.fixture
async def organisation(http: httpx.AsyncClient, admin: dict[str, str]) -> str:
    body = {"name": "CCI de Mayotte", "kind": "cci", "email": "ia@mayotte.example"}
    answer = await http.post("/api/v1/organisations", json=body, headers=admin)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def test_from_draft_to_cancellation(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], organisation: str
) -> None:
    made = await http.post("/api/v1/meetups", json=draft(organisation), headers=admin)
    assert (made.status_code, made.json()["status"], made.json()["timezone"]) == (201, "draft", "Indian/Mayotte")
    here = f"/api/v1/meetups/{made.json()['id']}"
    assert (await http.get(here)).status_code == 404
    for _ in range(2):
        published = await http.post(f"{here}/publish", headers=admin)
        assert (published.status_code, published.json()["version"]) == (200, 1)
    renamed = await http.patch(here, json={"title": "Autre titre"}, headers=admin)
    assert (renamed.json()["title"], renamed.json()["version"]) == ("Autre titre", 2)
    fixed = await http.patch(here, json={"starts_local": "2027-04-16T18:00:00"}, headers=admin)
    assert (fixed.status_code, fixed.json()["type"]) == (
        422,
        "/problems/invalid-input",
    )  # it would end before it begins
    fixed = await http.patch(here, json={"starts_local": "2027-04-15T17:00:00"}, headers=admin)
    assert (fixed.status_code, fixed.json()["type"]) == (409, "/problems/time-and-place-fixed")
    later = {"starts_local": "2027-04-22T18:00:00", "ends_local": "2027-04-22T20:00:00"}
    moved = await http.post(f"{here}/reschedule", json=later, headers=admin)
    assert (moved.json()["starts_at"], moved.json()["calendar_sequence"]) == ("2027-04-22T15:00:00Z", 1)
    assert moved.json()["registration_closes_at"] == "2027-04-22T15:00:00Z"
    for _ in range(2):
        cancelled = await http.post(f"{here}/cancel", headers=admin)
        assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert (await http.get(here)).json()["status"] == "cancelled"
    assert (await house.facts())[1:] == ["meetup.published", "meetup.updated", "meetup.rescheduled", "meetup.cancelled"]
    actions = [row["action"] for row in await house.rows("SELECT action FROM organiser_actions ORDER BY acted_at, id")]
    assert actions[1:] == [
        "meetup.drafted",
        "meetup.published",
        "meetup.updated",
        "meetup.rescheduled",
        "meetup.cancelled",
    ]


async def test_a_level_of_null_takes_the_level_away_and_one_left_out_stays(
    http: httpx.AsyncClient, admin: dict[str, str], organisation: str
) -> None:
    made = await http.post("/api/v1/meetups", json=draft(organisation, level="discovery"), headers=admin)
    here = f"/api/v1/meetups/{made.json()['id']}"
    levels = [
        (await http.patch(here, json=changes, headers=admin)).json()["level"]
        for changes in ({"title": "Autre titre"}, {"level": None}, {"title": "Encore un"})
    ]
    assert levels == ["discovery", None, None]


async def test_a_law_that_moves_the_offset_keeps_nobody_from_editing_the_title(
    house: House, http: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    here = f"/api/v1/meetups/{(await house.meetup()).meetup.id}"
    await house.rows(
        "UPDATE meetups SET starts_at = starts_at - interval '1 hour', closes_at = closes_at - interval '1 hour'"
    )
    renamed = await http.patch(here, json={"title": "Autre titre"}, headers=admin)
    assert (renamed.status_code, renamed.json()["title"]) == (200, "Autre titre")
    assert renamed.json()["starts_at"] == "2027-04-15T14:00:00Z"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"ends_local": "2027-04-15T18:00:00"}, "#/ends_local"),
        ({"timezone": "Europe/Paris"}, "#/timezone"),
        ({"starts_local": "2027-04-15T18:00:00+03:00"}, "#/starts_local"),
        ({"starts_local": "0001-01-01T00:00:00"}, "#/starts_local"),
        ({"starts_local": "2027-04-15"}, "#/starts_local"),
        ({"starts_local": 1_808_000_000}, "#/starts_local"),
        ({"territory": "75", "starts_local": "2027-03-28T02:30:00"}, "#/starts_local"),
        ({"territory": "20"}, "#/territory"),
        ({"capacity": 0}, "#/capacity"),
        ({"capacity": "12"}, "#/capacity"),
        ({"capacity": 10**12}, "#/capacity"),
        ({"overbooking_percent": 101}, "#/overbooking_percent"),
        ({"slug": "Pas Un Slug"}, "#/slug"),
        ({"title": "a\nb"}, "#/title"),
        ({"organisers": []}, "#/organisers"),
        ({"organisers": [{"organisation_id": str(uuid4()), "role": "lead"}]}, "#/organisers"),
        ({"surprise": True}, "#/surprise"),
    ],
)
async def test_a_draft_that_cannot_be_is_refused_with_the_field(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], organisation: str, change: Json, pointer: str
) -> None:
    answer = await http.post("/api/v1/meetups", json=draft(organisation, **change), headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not await house.rows("SELECT FROM meetups")


async def test_a_draft_changes_in_everything_without_an_event(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], organisation: str
) -> None:
    made = (await http.post("/api/v1/meetups", json=draft(organisation), headers=admin)).json()
    changes = {"capacity": 7, "overbooking_percent": 50, "venue": {"name": "Ailleurs", "address": "Dzaoudzi"}}
    steps = ({"capacity": 5}, changes, {"starts_local": "2027-04-15T17:00:00"})
    answers = [await http.patch(f"/api/v1/meetups/{made['id']}", json=step, headers=admin) for step in steps]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    after = answers[-1].json()
    assert (after["seats"]["capacity"], after["seats_allowed"], after["version"]) == (7, 10, 0)
    assert (after["venue"]["name"], after["starts_at"]) == ("Ailleurs", "2027-04-15T14:00:00Z")
    assert await house.facts() == ["organisation.declared"]
    nothing = await http.patch(f"/api/v1/meetups/{made['id']}", json={}, headers=admin)
    assert nothing.status_code == 422


async def test_an_address_that_is_taken(http: httpx.AsyncClient, admin: dict[str, str], organisation: str) -> None:
    for status in (201, 409):
        answer = await http.post("/api/v1/meetups", json=draft(organisation, slug="ia-mayotte"), headers=admin)
        assert answer.status_code == status


async def test_more_seats_are_offered_to_those_who_wait_and_fewer_than_taken_are_refused(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=2)).meetup.id
    for person in range(5):
        await admission.ask(application_of(meetup_id, person))
    here = f"/api/v1/meetups/{meetup_id}"
    grown = await http.patch(here, json={"capacity": 4}, headers=admin)
    assert (grown.status_code, grown.json()["seats_taken"], grown.json()["seats"]["waiting"]) == (200, 4, 1)
    assert await house.statuses() == ["held", "held", "offered", "offered", "waitlisted"]
    shrunk = await http.patch(here, json={"capacity": 3}, headers=admin)
    assert (shrunk.status_code, shrunk.json()["type"]) == (409, "/problems/capacity-below-taken")
    assert await house.balance(meetup_id) == (4, 1)


async def test_a_seat_released_after_registration_closed_is_offered_until_it_begins(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    for person in range(3):
        await admission.ask(application_of(meetup_id, person))
    here = f"/api/v1/meetups/{meetup_id}"
    closed = await http.patch(here, json={"registration_closes_local": "2027-03-19T12:00:00"}, headers=admin)
    assert closed.status_code == 200
    house.clock.advance(timedelta(hours=48))
    assert await expire_due(house.work) == 1
    assert await house.statuses() == ["expired", "offered", "waitlisted"]
    with pytest.raises(RegistrationClosed):
        await admission.ask(application_of(meetup_id, 9))
    assert await house.balance(meetup_id) == (1, 1)


async def test_calling_off_cancels_every_registration_and_promotes_nobody(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    for person in range(3):
        await admission.ask(application_of(meetup_id, person))
    await http.post(f"/api/v1/meetups/{meetup_id}/cancel", headers=admin)
    rows = await house.rows("SELECT status, cancelled_by FROM registrations")
    assert {(row["status"], row["cancelled_by"]) for row in rows} == {("cancelled", "organiser")}
    assert await house.balance(meetup_id) == (0, 0)
    assert (await house.facts())[-4:] == ["meetup.cancelled", *["registration.cancelled"] * 3]


async def test_no_token_a_wrong_one_an_old_one_and_one_without_the_scope(
    house: House, http: httpx.AsyncClient, organisation: str
) -> None:
    old = await mint_token(house.work, name="old", scopes=Scope, lasts=timedelta(0))
    narrow = await mint_token(house.work, name="door", scopes=[Scope.CHECK_INS], lasts=timedelta(days=1))
    for header, status in (
        ({}, 401),
        ({"Authorization": "Bearer x"}, 401),
        (_bearer(old), 401),
        (_bearer(narrow), 403),
    ):
        answer = await http.post("/api/v1/meetups", json=draft(organisation), headers=header)
        assert answer.status_code == status


async def test_attendees_are_listed_by_pages_and_looking_is_noted(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=3)).meetup.id
    for person in range(5):
        await admission.ask(application_of(meetup_id, person))
    here = f"/api/v1/meetups/{meetup_id}/registrations"
    first = (await http.get(here, params={"limit": "3"}, headers=admin)).json()
    rest = (await http.get(here, params={"limit": "3", "cursor": first["next"]}, headers=admin)).json()
    everybody = first["items"] + rest["items"]
    assert [a["email"] for a in everybody] == [f"person{n}@firm.example" for n in range(5)]
    assert [a["position"] for a in everybody] == [None, None, None, 1, 2]
    assert rest["next"] is None
    waiting = (await http.get(here, params={"status": "waitlisted"}, headers=admin)).json()
    assert len(waiting["items"]) == 2
    noted = await house.rows("SELECT FROM organiser_actions WHERE action = 'registrations.listed'")
    assert len(noted) == 3
    assert (await http.get(f"/api/v1/meetups/{uuid4()}/registrations", headers=admin)).status_code == 404


async def test_the_door_takes_a_batch_with_a_result_for_each_and_takes_it_again_without_effect(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=3)).meetup.id
    references = [(await admission.ask(application_of(meetup_id, n))).receipt.reference for n in range(4)]
    for reference in references[:2]:
        bearer = _bearer(await house.token(reference))
        assert (await http.post(f"/api/v1/registrations/{reference}/confirm", headers=bearer)).status_code == 200
    house.clock.moment = STARTS
    at = [(STARTS + timedelta(seconds=n)).isoformat() for n in range(10)]
    scans = [
        {"scan_id": str(uuid4()), "reference": references[0].lower().replace("-", " "), "scanned_at": at[0]},
        {"scan_id": str(uuid4()), "reference": references[0], "scanned_at": at[1]},
        {"scan_id": str(uuid4()), "reference": references[1], "scanned_at": at[2]},
        {"scan_id": str(uuid4()), "reference": references[1], "scanned_at": at[3], "kind": "undo"},
        {"scan_id": str(uuid4()), "reference": references[2], "scanned_at": at[4]},
        {"scan_id": str(uuid4()), "reference": references[3], "scanned_at": at[5]},
        {"scan_id": str(uuid4()), "reference": "R-00000-00000", "scanned_at": at[6]},
        {"scan_id": str(uuid4()), "reference": "what?", "scanned_at": at[7]},
    ]
    house.clock.advance(timedelta(minutes=1))
    here = f"/api/v1/meetups/{meetup_id}/check-ins"
    answer = await http.post(here, json={"scans": scans}, headers=admin)
    assert answer.status_code == 200, answer.text
    results = [r["result"] for r in answer.json()["results"]]
    assert results == [
        "checked_in",
        "already_in",
        "checked_in",
        "undone",
        "not_confirmed",
        "not_confirmed",
        "unknown",
        "unknown",
    ]
    told = await house.facts()
    again = (await http.post(here, json={"scans": scans}, headers=admin)).json()["results"]
    assert [(r["result"], r["repeated"]) for r in again] == [(result, True) for result in results]
    assert await house.facts() == told
    assert [fact for fact in told if fact.startswith("attendance")] == [
        "attendance.checked_in",
        "attendance.checked_in",
        "attendance.undone",
    ]
    assert len(await house.rows("SELECT FROM registrations WHERE attended")) == 1
    assert len(await house.rows("SELECT FROM scans")) == 8


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2027-04-15T18:00:00", "1"]
)
async def test_a_moment_that_exists_nowhere_is_refused(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], moment: str
) -> None:
    scan = {"scan_id": str(uuid4()), "reference": "R-00000-00000", "scanned_at": moment}
    here = f"/api/v1/meetups/{(await house.meetup()).meetup.id}/check-ins"
    answer = await http.post(here, json={"scans": [scan]}, headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/scans/0/scanned_at")
    assert not await house.rows("SELECT FROM scans")


async def test_a_door_may_send_five_hundred_whole_addresses_of_tickets_at_once(
    http: httpx.AsyncClient, house: House, admin: dict[str, str]
) -> None:
    here = f"/api/v1/meetups/{(await house.meetup()).meetup.id}/check-ins"
    address = f"https://rencontres.chambre-de-commerce.example/b/{'0' * 26}"
    scans = [{"scan_id": str(uuid4()), "reference": address, "scanned_at": "2027-02-04T06:00:00Z"} for _ in range(500)]
    taken = await http.post(here, json={"scans": scans}, headers=admin)
    assert taken.status_code == 200
    assert {result["result"] for result in taken.json()["results"]} == {"unknown"}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
