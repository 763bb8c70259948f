"""A stranger who types somebody's address learns nothing of whether that person comes; the person is told by mail."""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.registration import links, meetups, people, registering
from services.registration.admission import Admission
from services.registration.editing import Changes, When
from services.registration.receipts import Receipt
from services.registration.sweeping import expire_due, purge
from tests.integration.registration.conftest import ADMIN, EVENING, House, application_of

EARLY = EVENING.replace(month=3, day=19)

Seen = Sequence[object]


async def _try(http: httpx.AsyncClient, house: House, meetup_id: UUID, email: str) -> list[Seen]:
    """All that somebody sees who registers an address, sends it again, and looks at what came of it."""
    form = {"email": email, "full_name": "Curieux", "headcount": "1-9", "locale": "en"}
    meetup = (await http.get(f"/api/v1/meetups/{meetup_id}")).json()
    answers = [
        await http.post(f"/api/v1/meetups/{meetup_id}/registrations", json=body, headers={"Idempotency-Key": "curious"})
        for body in (form, form, form | {"full_name": "Other"})
    ]
    receipt = answers[0].json()
    assert answers[1].content == answers[0].content
    here = f"/api/v1/registrations/{receipt['reference']}"
    token = await registering.show_once(house.work, Receipt.from_json(answers[0].text))
    bearer = {"Authorization": f"Bearer {token}"}
    answers.append(await http.get(here, headers=bearer))
    answers += [await http.post(f"{here}/{act}", headers=bearer) for act in ("confirm", "cancel")]
    answers.append(await http.get(here, headers={"Authorization": "Bearer wrong"}))
    answers.append(await http.get(f"/api/v1/meetups/{meetup_id}"))
    told = {receipt["id"]: "ID", receipt["reference"]: "REFERENCE", str(meetup_id): "MEETUP", meetup["slug"]: "SLUG"}
    return [_seen(answer, told) for answer in answers]


def _seen(answer: httpx.Response, told: dict[str, str]) -> Seen:
    text = answer.text
    for mine, stands_for in told.items():
        text = text.replace(mine, stands_for)
    text = re.sub(r'"trace_id":"[0-9a-f]{32}"', '"trace_id":"TRACE"', text)  # there when something records traces
    hidden = {"location": "", "content-length": "", "traceparent": "", "server-timing": ""}
    return (answer.status_code, text, sorted(name for name in answer.headers if name not in hidden))


@pytest.mark.parametrize("status", ["held", "confirmed", "waitlisted"])
async def test_an_address_that_is_registered_is_answered_to_the_letter_as_one_that_is_not(
    house: House, http: httpx.AsyncClient, admission: Admission, status: str
) -> None:
    seen, balances = [], []
    for person in (1, 2):  # one meetup to which the first is coming, one to which somebody else is
        meetup_id = (await house.meetup(capacity=1 if status == "waitlisted" else 9)).meetup.id
        await admission.ask(application_of(meetup_id, 0))
        outcome = await admission.ask(application_of(meetup_id, person))
        if status == "confirmed":
            bearer = {"Authorization": f"Bearer {await house.token(outcome.receipt.reference)}"}
            await http.post(f"/api/v1/registrations/{outcome.receipt.reference}/confirm", headers=bearer)
        balances.append(await house.balance(meetup_id))
        seen.append(await _try(http, house, meetup_id, "PERSON1@firm.example"))
        balances.append(await house.balance(meetup_id))
    known, unknown = seen
    assert known == unknown
    before, after, *_ = balances
    assert after == before, "a decoy took a seat"


async def test_where_organisers_approve_nobody_can_tell_either(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup(approval=True)).meetup.id
    first = await _try(http, house, meetup_id, "one@firm.example")
    await house.rows("DELETE FROM idempotency_keys")
    again = await _try(http, house, meetup_id, "one@firm.example")
    assert first == again
    assert [tuple(row) for row in await house.rows("SELECT status, approval FROM decoys")] == [
        ("waitlisted", "pending")
    ]


async def test_the_person_is_told_by_mail_and_not_more_than_once_an_hour(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    real = await admission.ask(application_of(meetup_id, 1))
    for key in ("a", "b"):
        await admission.ask(application_of(meetup_id, 1, key=key))
    await links.answer_due(house.work)
    await admission.ask(application_of(meetup_id, 1, key="c"))
    await links.answer_due(house.work)
    told = await house.rows("SELECT body::jsonb AS body FROM event_log WHERE type LIKE '%links_requested%'")
    assert [(row["body"]["reason"], row["body"]["registration_ids"]) for row in told] == [
        ("registered_again", [str(real.receipt.id)])
    ]


async def test_what_was_pretended_runs_out_like_a_hold_and_is_forgotten(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    again = await admission.ask(application_of(meetup_id, 1, key="again"))
    house.clock.advance(timedelta(hours=47))
    bearer = {"Authorization": f"Bearer {await registering.show_once(house.work, again.receipt)}"}
    here = f"/api/v1/registrations/{again.receipt.reference}"
    assert (await http.get(here, headers=bearer)).json()["status"] == "held"
    house.clock.advance(timedelta(hours=1))
    assert await expire_due(house.work) == 2
    assert (await http.get(here, headers=bearer)).json()["status"] == "expired"
    house.clock.advance(timedelta(hours=25))
    await purge(house.work)
    assert not await house.rows("SELECT FROM decoys")


async def test_a_meetup_that_is_called_off_is_called_off_for_those_as_well_who_only_seem_to_come(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    again = await admission.ask(application_of(meetup_id, 1, key="again"))
    bearer = {"Authorization": f"Bearer {await registering.show_once(house.work, again.receipt)}"}
    await meetups.cancel(house.work, meetup_id, by=ADMIN)
    shown = (await http.get(f"/api/v1/registrations/{again.receipt.reference}", headers=bearer)).json()
    assert (shown["status"], shown["cancelled_by"]) == ("cancelled", "organiser")


async def test_a_meetup_that_moves_takes_along_those_who_only_seem_to_come(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    real = await admission.ask(application_of(meetup_id, 1))
    pretended = await admission.ask(application_of(meetup_id, 1, key="again"))
    await meetups.change(house.work, meetup_id, Changes(attendance_mode="online"), by=ADMIN)
    sooner = When(starts_local=EARLY, ends_local=EARLY + timedelta(hours=1))
    later = When(starts_local=EARLY + timedelta(days=30), ends_local=EARLY + timedelta(days=30, hours=1))
    for when in (sooner, later):
        house.clock.advance(timedelta(seconds=1))
        await meetups.reschedule(house.work, meetup_id, when, place=None, by=ADMIN)
        seen = []
        for receipt in (real.receipt, pretended.receipt):
            bearer = {"Authorization": f"Bearer {await registering.show_once(house.work, receipt)}"}
            shown = (await http.get(f"/api/v1/registrations/{receipt.reference}", headers=bearer)).json()
            seen.append((shown["status"], shown["expires_at"], shown["mode"]))
        assert seen == [("held", "2027-03-19T15:00:00Z", "online")] * 2


async def test_erasing_a_person_leaves_of_what_was_pretended_a_number_that_names_nobody(
    house: House, admission: Admission
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    again = await admission.ask(application_of(meetup_id, 1, key="again"))
    await registering.show_once(house.work, again.receipt)
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    await people.erase(house.work, person_id)
    assert [tuple(row) for row in await house.rows("SELECT person_id, full_name FROM decoys")] == [(None, None)]
    assert not await house.rows("SELECT FROM idempotency_keys UNION ALL SELECT FROM access_tokens")
    await house.balance(meetup_id)


async def test_a_seat_given_back_may_be_asked_for_again(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    await house.rows("UPDATE registrations SET status = 'expired', expires_at = NULL")
    await admission.ask(application_of(meetup_id, 1, key="later"))
    assert await house.statuses() == ["expired", "held"]
