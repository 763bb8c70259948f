"""The public API as a program uses it: register, look, confirm, give back."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from services.registration import registering
from services.registration.receipts import Receipt
from tests.integration.registration.conftest import STARTS, House

FORM = {"email": "Zainaba.Madi@Firm.example", "full_name": "Zaïnaba Madi", "headcount": "1-9"}


def path(meetup_id: UUID) -> str:
    return f"/api/v1/meetups/{meetup_id}/registrations"


async def register(http: httpx.AsyncClient, meetup_id: UUID, person: int = 0, **more: str) -> httpx.Response:
    form = FORM | {"email": f"person{person}@firm.example"} | more
    return await http.post(path(meetup_id), json=form, headers={"Idempotency-Key": f"key-{person}"})


async def act(http: httpx.AsyncClient, house: House, reference: str, verb: str) -> httpx.Response:
    bearer = {"Authorization": f"Bearer {await house.token(reference)}"}
    return await http.post(f"/api/v1/registrations/{reference}/{verb}", headers=bearer)


async def test_a_seat_is_held_and_said_where_to_find(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    answer = await http.post(path(meetup_id), json=FORM, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    body = answer.json()
    assert body["status"] == "held"
    assert body["expires_at"] == (house.clock.now() + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
    assert "position" not in body
    assert answer.headers["location"] == f"/api/v1/registrations/{body['reference']}"
    assert "idempotency-replayed" not in answer.headers


async def test_sending_it_again_gets_the_same_answer(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    first, again = await register(http, meetup_id), await register(http, meetup_id)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("headers", "form", "status", "slug"),
    [
        ({}, FORM, 400, "idempotency-key-missing"),
        ({"Idempotency-Key": ""}, FORM, 400, "idempotency-key-missing"),
        ({"Idempotency-Key": "x" * 256}, FORM, 400, "idempotency-key-missing"),
        ({"Idempotency-Key": "k"}, FORM | {"email": "nobody"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"email": "a@localhost"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"email": f"{'a' * 300}@firm.example"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"email": 1}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"full_name": "  "}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"full_name": "x" * 121}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"full_name": "a\0b"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"full_name": "a\u202eb"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"headcount": "12"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"locale": "de"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, FORM | {"surprise": "x"}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, {}, 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, [], 422, "invalid-input"),
        ({"Idempotency-Key": "k"}, None, 422, "invalid-input"),
    ],
)
async def test_bad_input_is_refused_as_a_problem_and_stores_nothing(
    house: House, http: httpx.AsyncClient, headers: dict[str, str], form: object, status: int, slug: str
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    answer = await http.post(path(meetup_id), json=form, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "nobody" not in answer.text
    if slug == "invalid-input" and form:
        assert {error["pointer"] for error in answer.json()["errors"]} <= {f"#/{name}" for name in dict(form)}  # type: ignore[call-overload]
    assert not await house.rows(
        "SELECT FROM people UNION ALL SELECT FROM registrations UNION ALL SELECT FROM idempotency_keys"
    )


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"full_name": "\\ud800"}', "application/json", 422),
        (b"email=a", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"[" * 60_000, "application/json", 400),
        (b"x" * 300_000, "application/json", 413),
    ],
)
async def test_what_is_no_json_is_refused(
    house: House, http: httpx.AsyncClient, content: bytes, content_type: str, status: int
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    headers = {"Idempotency-Key": "k", "Content-Type": content_type}
    answer = await http.post(path(meetup_id), content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_unknown_draft_closed_and_cancelled_meetups(house: House, http: httpx.AsyncClient) -> None:
    draft, open_ = await house.meetup(published=False), await house.meetup()
    for nowhere in (uuid4(), draft.meetup.id, "not-an-id"):
        answer = await http.post(
            f"/api/v1/meetups/{nowhere}/registrations", json=FORM, headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == 404
    house.clock.moment = STARTS
    closed = await register(http, open_.meetup.id)
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/registration-closed")


async def test_a_key_with_another_body_is_refused(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await register(http, meetup_id)
    answer = await register(http, meetup_id, full_name="Somebody Else")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_a_registration_opens_to_its_own_token_only(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    mine, other = [(await register(http, meetup_id, n)).json()["reference"] for n in (1, 2)]
    token = await house.token(mine)
    seen = await http.get(f"/api/v1/registrations/{mine}", headers={"Authorization": f"Bearer {token}"})
    assert (seen.json()["full_name"], seen.json()["may_act"]) == ("Zaïnaba Madi", True)
    for reference, header in (
        (other, f"Bearer {token}"),
        (mine, "Bearer wrong"),
        (mine, f"Basic {token}"),
        (mine, ""),
        ("R-00000-00000", f"Bearer {token}"),
    ):
        answer = await http.get(f"/api/v1/registrations/{reference}", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_confirming_and_cancelling_are_harmless_to_repeat(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    reference = (await register(http, meetup_id)).json()["reference"]
    for _ in range(2):
        answer = await act(http, house, reference, "confirm")
        assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    for _ in range(2):
        answer = await act(http, house, reference, "cancel")
        assert (answer.json()["status"], answer.json()["cancelled_by"]) == ("cancelled", "attendee")
    revived = await act(http, house, reference, "confirm")
    assert (revived.status_code, revived.json()["type"]) == (409, "/problems/registration-cancelled")
    assert await house.balance(meetup_id) == (0, 0)
    assert [f for f in await house.facts() if f.startswith("registration")] == [
        "registration.held",
        "registration.confirmed",
        "registration.cancelled",
    ]


async def test_looking_with_get_changes_nothing(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    reference = (await register(http, meetup_id)).json()["reference"]
    bearer = {"Authorization": f"Bearer {await house.token(reference)}"}
    for verb in ("confirm", "cancel"):
        assert (await http.get(f"/api/v1/registrations/{reference}/{verb}", headers=bearer)).status_code == 405
    assert await house.statuses() == ["held"]


async def test_the_link_shown_after_the_form_only_looks(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    receipt = Receipt.from_json((await register(http, meetup_id)).text)
    bearer = {"Authorization": f"Bearer {await registering.show_once(house.work, receipt)}"}
    here = f"/api/v1/registrations/{receipt.reference}"
    assert (await http.get(here, headers=bearer)).json()["may_act"] is False
    assert (await http.post(f"{here}/confirm", headers=bearer)).status_code == 403
    house.clock.advance(timedelta(hours=25))
    assert (await http.get(here, headers=bearer)).status_code == 401


async def test_a_released_seat_is_offered_to_the_first_in_line_who_may_accept_it(
    house: House, http: httpx.AsyncClient
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    first, second, third = [(await register(http, meetup_id, n)).json() for n in range(3)]
    assert (second["position"], third["position"]) == (1, 2)
    too_early = await act(http, house, second["reference"], "confirm")
    assert too_early.json()["type"] == "/problems/no-seat-to-confirm"
    await act(http, house, first["reference"], "cancel")
    bearer = {"Authorization": f"Bearer {await house.token(third['reference'])}"}
    waiting = (await http.get(f"/api/v1/registrations/{third['reference']}", headers=bearer)).json()
    assert (waiting["status"], waiting["position"]) == ("waitlisted", 1)
    accepted = await act(http, house, second["reference"], "confirm")
    assert accepted.json()["status"] == "confirmed"
    assert await house.balance(meetup_id) == (1, 1)


async def test_what_ran_out_is_not_confirmed(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    reference = (await register(http, meetup_id)).json()["reference"]
    house.clock.advance(timedelta(hours=48))
    answer = await act(http, house, reference, "confirm")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/registration-expired")


async def test_tokens_are_nowhere_in_the_database(house: House, http: httpx.AsyncClient) -> None:
    meetup_id = (await house.meetup()).meetup.id
    reference = (await register(http, meetup_id)).json()["reference"]
    token = await house.token(reference)
    [row] = await house.rows("SELECT string_agg(t::text, '') AS everything FROM access_tokens t")
    assert token not in row["everything"]
