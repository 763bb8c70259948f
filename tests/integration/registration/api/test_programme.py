"""The programme as programs read it."""

from datetime import timedelta

import httpx
import pytest

from tests.integration.registration.conftest import STARTS, House


async def test_pages_follow_each_other_without_gap_or_repeat(house: House, http: httpx.AsyncClient) -> None:
    made = {str((await house.meetup()).meetup.id) for _ in range(7)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = (
            await http.get("/api/v1/meetups", params={"limit": "3"} | ({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [meetup["id"] for meetup in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("cursor", ["", "x", "bQ", "####", "é", "bQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\u0000"])
async def test_a_cursor_that_was_tampered_with_is_refused(house: House, http: httpx.AsyncClient, cursor: str) -> None:
    answer = await http.get("/api/v1/meetups", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-cursor")


async def test_one_changed_character_of_a_cursor_is_noticed(house: House, http: httpx.AsyncClient) -> None:
    for _ in range(2):
        await house.meetup()
    cursor = (await http.get("/api/v1/meetups", params={"limit": "1"})).json()["next"]
    for place in range(0, len(cursor), 7):
        other = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert (await http.get("/api/v1/meetups", params={"cursor": other})).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"territory": "976"}, True),
        ({"territory": "974"}, False),
        ({"format": "talk"}, True),
        ({"format": "workshop"}, False),
        ({"from": "2027-04-15", "to": "2027-04-15"}, True),
        ({"from": "2027-04-16"}, False),
        ({"to": "2027-04-14"}, False),
        ({"q": "COMPTOIR"}, True),
        ({"q": "mamoudzou"}, True),
        ({"q": "100%_"}, False),
    ],
)
async def test_filters(house: House, http: httpx.AsyncClient, query: dict[str, str], found: bool) -> None:
    await house.meetup()
    await house.meetup(published=False)
    answer = await http.get("/api/v1/meetups", params=query)
    assert len(answer.json()["items"]) == int(found)


@pytest.mark.parametrize(
    "query",
    [{"territory": "75116"}, {"from": "yesterday"}, {"limit": "0"}, {"limit": "101"}, {"format": "party"}, {"q": "\0"}],
)
async def test_a_filter_that_makes_no_sense_is_refused(
    house: House, http: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await http.get("/api/v1/meetups", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (422, "query")


async def test_what_is_over_is_shown_only_when_its_days_are_asked_for(house: House, http: httpx.AsyncClient) -> None:
    await house.meetup()
    house.clock.moment = STARTS + timedelta(days=2)
    assert not (await http.get("/api/v1/meetups")).json()["items"]
    assert (await http.get("/api/v1/meetups", params={"from": "2027-04-01"})).json()["items"]


async def test_one_meetup_by_id_or_by_address(house: House, http: httpx.AsyncClient) -> None:
    sheet = await house.meetup(slug="ia-mamoudzou")
    by_id = (await http.get(f"/api/v1/meetups/{sheet.meetup.id}")).json()
    assert by_id == (await http.get("/api/v1/meetups/ia-mamoudzou")).json()
    assert (by_id["starts_local"], by_id["starts_at"]) == ("2027-04-15T18:00:00", "2027-04-15T15:00:00Z")
    assert by_id["organisers"][0]["name"] == "CCI de Mayotte"
    assert "seats_taken" not in by_id
    draft = await house.meetup(published=False)
    for nowhere in (draft.meetup.id, draft.meetup.slug, "no-such", "NO%00", "a" * 121):
        assert (await http.get(f"/api/v1/meetups/{nowhere}")).status_code == 404
