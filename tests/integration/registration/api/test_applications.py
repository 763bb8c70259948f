"""What the API takes beside name and address: details, answers, invitations, groups; and what organisers see of them."""

from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest

from tests.integration.registration.conftest import House

FORM = {"email": "zaina@firm.example", "full_name": "Zaïna Madi", "headcount": "1-9"}
LUNCH = {
    "id": "lunch",
    "kind": "choice",
    "label": "Déjeunez-vous ?",
    "required": True,
    "options": [{"id": "yes", "label": "Oui"}, {"id": "no", "label": "Non"}],
}
DIET = {"id": "diet", "kind": "text", "label": "Votre régime", "show_if": {"question": "lunch", "option": "yes"}}


async def _register(
    http: httpx.AsyncClient, meetup_id: UUID, more: Mapping[str, object] | None = None, *, key: str = "k"
) -> httpx.Response:
    path = f"/api/v1/meetups/{meetup_id}/registrations"
    return await http.post(path, json={**FORM, **(more or {})}, headers={"Idempotency-Key": key})


async def _change(http: httpx.AsyncClient, admin: dict[str, str], meetup_id: UUID, **changes: object) -> httpx.Response:
    return await http.patch(f"/api/v1/meetups/{meetup_id}", json=changes, headers=admin)


def _faults(answer: httpx.Response) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in answer.json()["errors"]}


async def test_organisers_see_what_was_told_and_answered(
    house: House, http: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    changed = await _change(http, admin, meetup_id, questions=[LUNCH, DIET])
    assert [question["id"] for question in changed.json()["questions"]] == ["lunch", "diet"]
    told = {
        "organisation": "Atelier",
        "identifier": {"scheme": "siren", "value": "732 829 320"},
        "role": "head",
        "sector": "food",
        "needs": ["cost"],
        "access_needs": "Une rampe",
        "answers": {"lunch": "yes", "diet": "Sans noix"},
        "consents": [{"purpose": "photos", "text_version": "2026-11"}],
    }
    assert (await _register(http, meetup_id, told)).status_code == 201
    [seen] = (await http.get(f"/api/v1/meetups/{meetup_id}/registrations", headers=admin)).json()["items"]
    assert (seen["organisation"], seen["identifier_value"], seen["access_needs"]) == (
        "Atelier",
        "732829320",
        "Une rampe",
    )
    assert seen["needs"] == ["cost"]
    assert seen["answers"] == {"lunch": ["yes"], "diet": ["Sans noix"]}
    [consent] = await house.rows("SELECT purpose, text_version, channel, given_at FROM consents")
    assert tuple(consent) == ("photos", "2026-11", "api", house.clock.now())
    assert "Atelier" not in str(await house.rows("SELECT e::text FROM event_log e"))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"headcount": None}, ("#/headcount", "required")),
        ({"identifier": {"scheme": "siret", "value": "0" * 14}}, ("#/identifier/value", "invalid-number")),
        ({"identifier": {"scheme": "duns", "value": "1"}}, ("#/identifier/scheme", "not-a-choice")),
        ({"needs": ["cost", "time", "data"]}, ("#/needs", "too-many")),
        ({"consents": [{"purpose": "photos", "text_version": "1999"}]}, ("#/consents/0/text_version", "not-a-choice")),
        ({"consents": [{"purpose": "photos", "text_version": "2026-11"}] * 2}, ("#/consents", "repeated")),
        ({"answers": {"shoe": "43"}}, ("#/answers/shoe", "unknown-question")),
        ({"timezone": "Mars/Olympus"}, ("#/timezone", "invalid")),
    ],
)
async def test_what_does_not_fit_is_named(
    house: House, http: httpx.AsyncClient, more: dict[str, object], fault: tuple[str, str]
) -> None:
    answer = await _register(http, (await house.meetup()).meetup.id, more)
    assert answer.status_code == 422
    assert _faults(answer) == {fault}
    assert not await house.rows("SELECT FROM people")


@pytest.mark.parametrize(
    ("questions", "pointer", "code"),
    [
        ([LUNCH, LUNCH], "#/questions/1", "repeated-id"),
        ([DIET], "#/questions/0", "shown-after-what"),
        ([LUNCH | {"options": []}], "#/questions/0", "options-missing"),
        ([LUNCH] * 11, "#/questions", "too-many"),
    ],
)
async def test_questions_that_cannot_be_asked_are_refused(
    house: House, http: httpx.AsyncClient, admin: dict[str, str], questions: list[object], pointer: str, code: str
) -> None:
    answer = await _change(http, admin, (await house.meetup()).meetup.id, questions=questions)
    assert answer.status_code == 422
    assert _faults(answer) == {(pointer, code)}


async def test_another_body_in_any_field_is_another_request(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    assert (await _register(http, meetup_id)).status_code == 201
    fields: list[dict[str, object]] = [
        {"organisation": "A"},
        {"sector": "food"},
        {"role": "head"},
        {"needs": ["cost"]},
        {"access_needs": "x"},
        {"identifier": {"scheme": "rna", "value": "W751234567"}},
        {"consents": [{"purpose": "photos", "text_version": "2026-11"}]},
        {"invitation": "7K4Q-X9M2-TC3V"},
        {"timezone": "Indian/Mayotte"},
        {"notice_version": "2026-11"},
        {"answers": {"lunch": "yes"}},
    ]
    for more in fields:
        answer = await _register(http, meetup_id, more)
        assert answer.json()["type"] == "/problems/idempotency-key-reused", more


async def test_a_code_is_shown_once_used_so_often_and_revoked(
    house: House, http: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    meetup_id = (await house.meetup(capacity=5)).meetup.id
    await _change(http, admin, meetup_id, visibility="private")
    path = f"/api/v1/meetups/{meetup_id}/invitations"
    made = (await http.post(path, json={"label": "Adhérents", "max_uses": 2}, headers=admin)).json()
    listed = (await http.get(path, headers=admin)).json()["items"]
    assert [(one["label"], one["used"], "code" in one) for one in listed] == [("Adhérents", 0, False)]
    assert made["code"] not in str(await house.rows("SELECT i::text FROM invitations i"))
    assert _faults(await _register(http, meetup_id)) == {("#/invitation", "invitation-refused")}
    for person in range(3):
        answer = await _register(
            http, meetup_id, {"email": f"p{person}@firm.example", "invitation": made["code"]}, key=f"k{person}"
        )
        assert answer.status_code == (201 if person < 2 else 422)
    [one] = (await http.get(path, headers=admin)).json()["items"]
    assert one["used"] == 2
    assert (await http.delete(f"{path}/{one['id']}", headers=admin)).status_code == 204
    assert (await http.delete(f"{path}/{one['id']}", headers=admin)).status_code == 404
    assert (await http.get(path, headers=admin)).json()["items"] == []
    assert await house.balance(meetup_id) == (2, 0)


async def test_a_group_is_answered_one_by_one_and_again_the_same(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup(capacity=2)).meetup.id
    colleagues = [{"full_name": f"Person {n}", "email": f"p{n}@firm.example"} for n in range(5)]
    body = FORM | {"colleagues": colleagues[:2], "consents": [{"purpose": "photos", "text_version": "2026-11"}]}
    path = f"/api/v1/meetups/{meetup_id}/group-registrations"
    first, again = [await http.post(path, json=body, headers={"Idempotency-Key": "g"}) for _ in range(2)]
    assert first.status_code == 201
    assert first.json() == again.json()
    assert ["idempotency-replayed" in answer.headers for answer in (first, again)] == [False, True]
    single = {name: value for name, value in body.items() if name != "colleagues"}
    others = [colleagues[:1], colleagues[:3], colleagues[1::-1], [colleagues[0], colleagues[2]]]
    for other in ({**body, "colleagues": them} for them in others):
        answer = await http.post(path, json=other, headers={"Idempotency-Key": "g"})
        assert answer.json()["type"] == "/problems/idempotency-key-reused", other
    assert (await _register(http, meetup_id, single, key="g")).json()["type"] == "/problems/idempotency-key-reused"
    receipts = [one["receipt"] for one in first.json()["items"]]
    assert [(receipt["status"], receipt["position"]) for receipt in receipts] == [
        ("held", None),
        ("held", None),
        ("waitlisted", 1),
    ]
    assert await house.balance(meetup_id) == (2, 1)
    assert len(await house.rows("SELECT FROM consents")) == 1, "nobody consents for somebody else"
    assert (await _register(http, meetup_id, {"email": "solo@firm.example"}, key="s")).status_code == 201
    solo = body | {"email": "solo@firm.example"}
    answer = await http.post(path, json=solo, headers={"Idempotency-Key": "s"})
    assert answer.json()["type"] == "/problems/idempotency-key-reused"
    twice = FORM | {"colleagues": [colleagues[0], colleagues[0], {"full_name": "Ich", "email": "ZAINA@firm.example"}]}
    refused = await http.post(path, json=twice, headers={"Idempotency-Key": "t"})
    assert (refused.status_code, _faults(refused)) == (
        422,
        {("#/colleagues/1/email", "repeated"), ("#/colleagues/2/email", "repeated")},
    )
    assert await house.balance(meetup_id) == (2, 2)
    six = FORM | {"colleagues": colleagues}
    assert (await http.post(path, json=six, headers={"Idempotency-Key": "h"})).status_code == 422


async def test_nobody_answers_the_organisers_questions_for_a_colleague(
    house: House, http: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await _change(http, admin, meetup_id, questions=[LUNCH])
    path = f"/api/v1/meetups/{meetup_id}/group-registrations"
    body = FORM | {"colleagues": [{"full_name": "Ali", "email": "ali@firm.example"}]}
    unanswered = await http.post(path, json=body, headers={"Idempotency-Key": "g"})
    assert unanswered.status_code == 422
    assert await house.statuses() == [], "where the first cannot be registered, nobody is"
    answered = await http.post(path, json=body | {"answers": {"lunch": "yes"}}, headers={"Idempotency-Key": "g"})
    assert [one["receipt"]["status"] for one in answered.json()["items"]] == ["held", "held"]
    seen = (await http.get(f"/api/v1/meetups/{meetup_id}/registrations", headers=admin)).json()["items"]
    assert {one["full_name"]: one["answers"] for one in seen} == {"Zaïna Madi": {"lunch": ["yes"]}, "Ali": None}
