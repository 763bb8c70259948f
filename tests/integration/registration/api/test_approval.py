"""Meetups whose organisers say yes to each registration first."""

import httpx

from services.registration.admission import Admission
from tests.integration.registration.conftest import House, application_of


async def test_a_request_waits_for_a_word_and_takes_no_seat_until_then(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=1, approval=True)).meetup.id
    asked = [(await admission.ask(application_of(meetup_id, person))).receipt for person in range(3)]
    assert [(one.status, one.position) for one in asked] == [("waitlisted", None)] * 3
    assert await house.balance(meetup_id) == (0, 0)
    here = f"/api/v1/meetups/{meetup_id}/registrations"
    for _ in range(2):
        second = await http.post(f"{here}/{asked[1].reference}/approve", headers=admin)
        assert (second.status_code, second.json()["status"], second.json()["approval"]) == (200, "offered", "granted")
    third = await http.post(f"{here}/{asked[2].reference}/approve", headers=admin)
    assert third.json()["status"] == "waitlisted"
    first = await http.post(f"{here}/{asked[0].reference}/approve", headers=admin)
    assert first.json()["status"] == "waitlisted"
    listed = (await http.get(here, headers=admin)).json()["items"]
    assert [(one["status"], one["position"]) for one in listed] == [
        ("waitlisted", 1),  # by the day it came, not by the day of the word
        ("offered", None),
        ("waitlisted", 2),
    ]
    assert await house.balance(meetup_id) == (1, 2)
    facts = (await house.facts())[-4:]
    assert facts == ["registration.offered", "meetup.filled", "registration.waitlisted", "registration.waitlisted"]


async def test_no_is_a_cancellation_by_the_organiser_and_both_words_are_noted(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], admission: Admission
) -> None:
    meetup_id = (await house.meetup(approval=True)).meetup.id
    one, other = [(await admission.ask(application_of(meetup_id, person))).receipt for person in range(2)]
    here = f"/api/v1/meetups/{meetup_id}/registrations"
    for _ in range(2):
        refused = await http.post(f"{here}/{one.reference}/refuse", headers=admin)
        assert (refused.status_code, refused.json()["status"], refused.json()["approval"]) == (
            200,
            "cancelled",
            "refused",
        )
    assert (await http.post(f"{here}/{one.reference}/approve", headers=admin)).json()[
        "type"
    ] == "/problems/nothing-to-approve"
    await http.post(f"{here}/{other.reference}/approve", headers=admin)
    late = await http.post(f"{here}/{other.reference}/refuse", headers=admin)
    assert late.json()["type"] == "/problems/nothing-to-approve"
    noted = await house.rows("SELECT action FROM organiser_actions WHERE action LIKE 'registration.%' ORDER BY id")
    assert [row["action"] for row in noted] == ["registration.refused", "registration.approved"]
    assert (await http.post(f"{here}/R-00000-00000/approve", headers=admin)).status_code == 404
    assert await house.balance(meetup_id) == (1, 0)


async def test_events_say_that_a_word_is_awaited(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(approval=True)).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    [row] = await house.rows("SELECT body::jsonb AS body FROM event_log WHERE type LIKE '%waitlisted%'")
    assert row["body"]["awaiting_approval"] is True
    assert row["body"].get("waiting_position") is None
