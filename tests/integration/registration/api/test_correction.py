"""`PATCH /api/v1/registrations/{reference}`: the page's correction for programs; what is left out stays."""

import httpx

from services.registration import meetups, registering
from services.registration.admission import Admission
from services.registration.domain.questions import Question
from services.registration.editing import Changes
from tests.integration.registration.conftest import ADMIN, House, application_of

WHOLE: dict[str, object] = {
    "full_name": "Zaïnaba M’Adi",
    "headcount": "10-49",
    "organisation": "Fournil <b>Zaïna</b>",
    "identifier": {"scheme": "siret", "value": "732 829 320 00074"},
    "role": "head",
    "sector": "food",
    "needs": ["cost", "time"],
    "access_needs": "Une rampe",
    "answers": {"topic": "Le pain"},
}


async def _registered(house: House, admission: Admission) -> str:
    sheet = await house.meetup()
    asked = (Question(id="topic", kind="text", label="?"),)
    await meetups.change(house.work, sheet.meetup.id, Changes(questions=asked), by=ADMIN)
    return (await admission.ask(application_of(sheet.meetup.id, 1))).receipt.reference


async def _correct(house: House, http: httpx.AsyncClient, reference: str, body: dict[str, object]) -> httpx.Response:
    bearer = {"Authorization": f"Bearer {await house.token(reference)}"}
    return await http.patch(f"/api/v1/registrations/{reference}", json=body, headers=bearer)


async def _kept(house: House) -> dict[str, object]:
    [row] = await house.rows(
        """SELECT a.full_name, a.organisation, a.identifier_scheme, a.identifier_value, a.access_needs, a.answers,
                  r.headcount, r.role, r.sector, r.needs
           FROM registrations AS r JOIN attendees AS a ON a.registration_id = r.id"""
    )
    return dict(row)


async def test_what_is_sent_is_corrected_what_is_left_out_stays_and_null_takes_away(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    reference = await _registered(house, admission)
    corrected = await _correct(house, http, reference, WHOLE)
    assert (corrected.status_code, corrected.json()["full_name"]) == (200, "Zaïnaba M’Adi")
    whole = await _kept(house)
    assert whole == {
        "full_name": "Zaïnaba M’Adi",
        "organisation": "Fournil <b>Zaïna</b>",
        "identifier_scheme": "siret",
        "identifier_value": "73282932000074",
        "access_needs": "Une rampe",
        "answers": {"topic": ["Le pain"]},
        "headcount": "10-49",
        "role": "head",
        "sector": "food",
        "needs": ["cost", "time"],
    }
    await _correct(house, http, reference, {"sector": "health"})
    assert await _kept(house) == whole | {"sector": "health"}
    await _correct(house, http, reference, {"sector": None, "identifier": None, "needs": [], "full_name": None})
    assert await _kept(house) == whole | {
        "sector": None,
        "identifier_scheme": None,
        "identifier_value": None,
        "needs": None,
    }


async def test_only_facts_are_told_and_only_when_they_change(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    reference = await _registered(house, admission)
    before = await house.facts()
    await _correct(house, http, reference, {"full_name": "Zaïnaba M’Adi", "organisation": "Fournil"})
    assert await house.facts() == before
    for _ in range(2):
        await _correct(house, http, reference, {"headcount": "10-49"})
    assert await house.facts() == [*before, "registration.held"]
    assert [row["version"] for row in await house.rows("SELECT version FROM registrations")] == [2]


async def test_what_is_wrong_is_pointed_at_and_nothing_changes(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    reference = await _registered(house, admission)
    before = await _kept(house)
    for wrong, pointer in (
        ({"answers": {"never": "asked"}}, "#/answers/never"),
        ({"needs": ["cost", "time", "data"]}, "#/needs"),
        ({"identifier": {"scheme": "siret", "value": "0"}}, "#/identifier/value"),
        ({"email": "other@firm.example"}, "#/email"),
        ({"full_name": ""}, "#/full_name"),
    ):
        refused = await _correct(house, http, reference, {"organisation": "X", **wrong})
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await _kept(house) == before


async def test_the_link_shown_after_the_form_corrects_nothing(
    house: House, http: httpx.AsyncClient, admission: Admission
) -> None:
    outcome = await admission.ask(application_of((await house.meetup()).meetup.id, 1))
    bearer = {"Authorization": f"Bearer {await registering.show_once(house.work, outcome.receipt)}"}
    before = await _kept(house)
    refused = await http.patch(
        f"/api/v1/registrations/{outcome.receipt.reference}", json={"sector": "food"}, headers=bearer
    )
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/manage-link-needed")
    assert await _kept(house) == before
