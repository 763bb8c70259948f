"""What somebody told with a registration, corrected behind the mailed link: kept, told to reports where it counts, and mailed to nobody."""

import re
from html import unescape
from uuid import UUID

import httpx
import pytest

from services.registration import meetups
from services.registration.domain.questions import Option, Question, ShowIf
from services.registration.editing import Changes
from tests.integration.registration.hostile import MARK, TEXTS
from tests.integration.registration.making import ADMIN
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site
from tests.integration.registration.pages.test_way_of_an_attendee import _press, _register

TOLD = {"full_name": "Zaïna M’Changama", "headcount": "1-9"}
QUESTIONS = (
    Question(id="topic", kind="text", label="Un sujet\u202f?"),
    Question(
        id="lunch",
        kind="choice",
        label="Restez-vous au buffet\u202f?",
        required=True,
        options=(Option(id="yes", label="Oui"), Option(id="no", label="Non")),
    ),
    Question(
        id="diet",
        kind="choices",
        label="Ce que vous ne mangez pas",
        required=True,
        options=(Option(id="meat", label="De la viande"), Option(id="fish", label="Du poisson")),
        show_if=ShowIf(question="lunch", option="yes"),
    ),
)


async def _open(site: Site, reference: str) -> str:
    token = await site.token(reference)
    return unescape((await site.browser.get(f"/inscriptions/{reference}/corriger", params={"token": token})).text)


async def _correct(site: Site, reference: str, **fields: str | list[str]) -> httpx.Response:
    data = {"token": await site.token(reference), **fields}
    return await site.browser.post(f"/inscriptions/{reference}/corriger", data=data, follow_redirects=True)


async def _kept(site: Site, reference: str) -> dict[str, object]:
    async with site.work.database.connection() as connection:
        row = await connection.fetchrow(
            """SELECT r.version, r.status, r.headcount, r.role, r.sector, r.needs, a.* FROM registrations AS r
               JOIN attendees AS a ON a.registration_id = r.id WHERE r.reference = $1""",
            reference,
        )
    assert row is not None
    return dict(row)


async def _told(site: Site) -> list[dict[str, object]]:
    """What events said of registrations, in order."""
    async with site.work.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT type, body::jsonb AS body FROM event_log WHERE type LIKE '%.registration.%' ORDER BY position"
        )
    return [{"type": row["type"], **row["body"]} for row in rows]


async def _ask(site: Site, *questions: Question) -> None:
    async with site.work.database.connection() as connection:
        meetup_id: UUID = await connection.fetchval("SELECT id FROM meetups WHERE slug = $1", MAMOUDZOU)
    await meetups.change(site.work, meetup_id, Changes(questions=questions), by=ADMIN)


async def test_everything_that_was_told_is_corrected_and_what_is_left_out_is_emptied(site: Site) -> None:
    reference = await _register(site)
    whole: dict[str, str | list[str]] = {
        "full_name": "Zaïna Madi",
        "headcount": "10-49",
        "organisation": "Menuiserie Baobab",
        "sector": "food",
        "needs": ["cost", "time"],
        "role": "head",
        "identifier_scheme": "siret",
        "identifier_value": "732 829 320 00074",
        "access_needs": "Une place proche\r\nde l’entrée",
    }
    assert "Vos informations sont corrigées." in unescape((await _correct(site, reference, **whole)).text)
    kept = await _kept(site, reference)
    assert (kept["full_name"], kept["organisation"]) == ("Zaïna Madi", "Menuiserie Baobab")
    assert (kept["headcount"], kept["sector"], kept["role"]) == ("10-49", "food", "head")
    assert kept["needs"] == ["cost", "time"]
    assert (kept["identifier_scheme"], kept["identifier_value"]) == ("siret", "73282932000074")
    assert kept["access_needs"] == "Une place proche\nde l’entrée"
    page = await _open(site, reference)
    for words in ('value="Zaïna Madi"', 'value="10-49" selected', 'value="food" selected', 'value="head" selected'):
        assert words in page
    assert re.findall(r'name="needs" value="(\w+)" checked', page) == ["cost", "time"]
    await _correct(site, reference, **TOLD)
    kept = await _kept(site, reference)
    assert {kept[name] for name in ("organisation", "sector", "needs", "role", "identifier_value", "access_needs")} == {
        None
    }


async def test_facts_reach_reports_by_a_higher_version_and_names_do_not(site: Site) -> None:
    reference = await _register(site)
    await _press(site, reference, "confirmer")
    facts: dict[str, str | list[str]] = {**TOLD, "headcount": "10-49", "sector": "food", "needs": ["cost"]}
    for _ in range(2):
        assert (await _correct(site, reference, **facts)).status_code == 200
    events = await _told(site)
    assert [event["type"] for event in events][1:] == ["fr.rencontres.registration.confirmed.v1"] * 2
    assert [event["version"] for event in events] == [1, 2, 3]
    assert {name: events[-1][name] for name in ("status", "headcount", "sector", "needs")} == {
        "status": "confirmed",
        "headcount": "10-49",
        "sector": "food",
        "needs": ["cost"],
    }
    await _correct(site, reference, **{**facts, "full_name": "Zaïna Madi", "organisation": "Baobab"})
    assert await _told(site) == events, "who somebody is, no event knows"
    assert (await _kept(site, reference))["organisation"] == "Baobab"


async def test_a_double_tap_corrects_once_and_is_noted_once(site: Site) -> None:
    reference = await _register(site)
    for _ in range(2):
        await _correct(site, reference, **(TOLD | {"full_name": "Zaïna Madi"}))
    async with site.work.database.connection() as connection:
        noted = await connection.fetch("SELECT action, channel FROM person_accesses")
    assert [tuple(row) for row in noted] == [("rectified", "link")]


async def test_answers_are_corrected_and_required_only_when_shown(site: Site) -> None:
    reference = await _register(site)
    await _ask(site, *QUESTIONS)
    page = await _open(site, reference)
    assert "Restez-vous au buffet" in page
    missing = await _correct(site, reference, **(TOLD | {"q-lunch": "yes", "q-topic": "<i>Le pain</i>"}))
    assert missing.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)">', missing.text) == ["q-diet"]
    assert "&lt;i&gt;Le pain&lt;/i&gt;" in missing.text, "what was typed stays, as text"
    answers: dict[str, str | list[str]] = {"q-lunch": "yes", "q-diet": ["fish", "meat"], "q-topic": "Le pain"}
    assert (await _correct(site, reference, **{**TOLD, **answers})).status_code == 200
    told = {"topic": ["Le pain"], "lunch": ["yes"], "diet": ["meat", "fish"]}
    assert (await _kept(site, reference))["answers"] == told
    page = await _open(site, reference)
    assert re.findall(r'name="q-diet" value="(\w+)"[^>]* checked', page) == ["meat", "fish"]
    await _correct(site, reference, **(TOLD | {"q-lunch": "no", "q-diet": "fish"}))
    assert (await _kept(site, reference))["answers"] == {"lunch": ["no"]}


async def test_answers_to_a_question_that_is_gone_stay(site: Site) -> None:
    await _ask(site, QUESTIONS[0])
    reference = await _register(site, **{"q-topic": "Le pain"})
    await _ask(site)
    await _correct(site, reference, **(TOLD | {"q-topic": "not asked any more"}))
    assert (await _kept(site, reference))["answers"] == {"topic": ["Le pain"]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"full_name": "Zaïna\u202egnp"}, "full_name"),
        ({"headcount": ""}, "headcount"),
        ({"headcount": "unasked"}, "headcount"),
        ({"sector": "nothing"}, "sector"),
        ({"role": "king"}, "role"),
        ({"needs": ["cost", "time", "data"]}, "needs"),
        ({"identifier_scheme": "siret", "identifier_value": "35600000000014"}, "identifier_value"),
        ({"identifier_scheme": "nope", "identifier_value": "123"}, "identifier_scheme"),
        ({"identifier_value": "73282932000074"}, "identifier_scheme"),
        ({"access_needs": "x" * 501}, "access_needs"),
        ({"organisation": "x" * 201}, "organisation"),
    ],
)
async def test_a_faulty_correction_leads_to_its_field_and_changes_nothing(
    site: Site, wrong: dict[str, str | list[str]], field: str
) -> None:
    reference = await _register(site)
    before = await _kept(site, reference)
    refused = await _correct(site, reference, **{**TOLD, "organisation": "Chez <i>Hina</i>", **wrong})
    assert refused.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)">', refused.text) == [field]
    assert f'id="{field}"' in refused.text
    if "organisation" not in wrong:
        assert 'value="Chez &lt;i&gt;Hina&lt;/i&gt;"' in refused.text, "what was typed stays, as text"
    assert await _kept(site, reference) == before


async def test_whatever_is_typed_is_kept_as_text_or_refused(site: Site) -> None:
    reference = await _register(site)
    for text in TEXTS:
        fields = {"full_name": text, "organisation": text, "access_needs": text, "identifier_value": text, "role": text}
        for sent in (
            await _correct(site, reference, **{**TOLD, "full_name": text}),
            await _correct(site, reference, **fields),
        ):
            assert sent.status_code in (200, 422), text
            for markup in (
                f"<script>alert('{MARK}')",
                f"<img src=x onerror={MARK}",
                f"<svg onload={MARK}",
                f"<b>{MARK}",
            ):
                assert markup not in sent.text, text


async def test_a_cafe_corrects_a_name_and_nothing_else(site: Site) -> None:
    reference = await _register(site)
    async with site.work.database.connection() as connection:
        await connection.execute("UPDATE meetups SET format = 'cafe_ia' WHERE slug = $1", MAMOUDZOU)
    assert 'name="headcount"' not in await _open(site, reference)
    assert (await _correct(site, reference, full_name="Zaï", organisation="Firm", sector="food")).status_code == 200
    kept = await _kept(site, reference)
    assert (kept["full_name"], kept["headcount"], kept["organisation"], kept["sector"]) == ("Zaï", "1-9", None, None)


async def test_what_was_told_is_corrected_once_all_is_over_too(site: Site) -> None:
    reference = await _register(site)
    await _press(site, reference, "annuler")
    assert (await _correct(site, reference, **(TOLD | {"headcount": "10-49"}))).status_code == 200
    kept = await _kept(site, reference)
    assert (kept["status"], kept["headcount"]) == ("cancelled", "10-49")
    assert (await _told(site))[-1]["status"] == "cancelled"
