"""The registration form on a real database: what is asked is kept, what is wrong is told, and nothing is written twice."""

import re
from datetime import datetime
from uuid import uuid4

import httpx
import pytest

from services.registration import invitations, meetups
from services.registration.domain.questions import Question, ShowIf
from services.registration.editing import Changes
from services.registration.invitations import NewInvitation
from services.registration.store.meetups import Sheet
from tests.integration.registration.making import ADMIN, declare, publish
from tests.integration.registration.pages.conftest import Site
from tests.unit.registration.pages.form_gallery import LUNCH

STARTS = datetime(2027, 2, 4, 9)  # noqa: DTZ001 - a wall time
ZAINA = {"full_name": "Zaïna M’Changama", "email": "zaina@exemple.fr", "headcount": "1-9"}
QUESTIONS = (
    LUNCH,
    Question(
        id="diet",
        kind="text",
        label="Ce que vous ne mangez pas",
        required=True,
        show_if=ShowIf(question="lunch", option="yes"),
    ),
)


async def _meetup(site: Site, changes: Changes | None = None, **more: str) -> Sheet:
    sheet = await publish(site.work, await declare(site.work), starts=STARTS, territory="976", **more)  # type: ignore[arg-type]
    return await meetups.change(site.work, sheet.meetup.id, changes, by=ADMIN) if changes else sheet


async def _send(site: Site, sheet: Sheet, _key: str = "", /, **answers: str | list[str]) -> httpx.Response:
    data = {"idempotency_key": _key or str(uuid4()), **answers}
    return await site.browser.post(f"/rencontres/{sheet.meetup.slug}", data=data)


async def _attendees(site: Site) -> list[dict[str, object]]:
    async with site.work.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT r.*, a.* FROM registrations AS r JOIN attendees AS a ON a.registration_id = r.id ORDER BY r.id"
        )
    return [dict(row) for row in rows]


async def test_all_that_was_told_is_kept_in_one_spelling(site: Site) -> None:
    sheet = await _meetup(site)
    sent = await _send(
        site,
        sheet,
        **ZAINA,
        organisation="  Les Ateliers d’Éloïse ",
        sector="food",
        needs=["cost", "time"],
        role="head",
        identifier_scheme="siret",
        identifier_value="732 829 320 00074",
        access_needs="Une boucle magnétique\r\nau premier rang",
        consent_newsletter="2026-11",
        consent_photos="2026-11",
        notice_version="2026-11",
    )
    assert sent.status_code == 303, sent.text
    [kept] = await _attendees(site)
    assert (kept["organisation"], kept["sector"], kept["role"]) == ("Les Ateliers d’Éloïse", "food", "head")
    assert kept["needs"] == ["cost", "time"]
    assert (kept["identifier_scheme"], kept["identifier_value"]) == ("siret", "73282932000074")
    assert kept["access_needs"] == "Une boucle magnétique\nau premier rang"
    assert kept["notice_version"] == "2026-11"
    async with site.work.database.connection() as connection:
        consents = await connection.fetch(
            "SELECT purpose, text_version, locale, channel FROM consents ORDER BY purpose"
        )
    assert [tuple(row) for row in consents] == [
        ("newsletter", "2026-11", "fr", "form"),
        ("photos", "2026-11", "fr", "form"),
    ]


async def test_three_answers_are_enough_and_nothing_is_agreed_to(site: Site) -> None:
    assert (await _send(site, await _meetup(site), **ZAINA)).status_code == 303
    [kept] = await _attendees(site)
    assert {kept[name] for name in ("organisation", "identifier_value", "access_needs", "answers", "sector")} == {None}
    async with site.work.database.connection() as connection:
        assert not await connection.fetch("SELECT FROM consents")


async def test_a_firm_of_the_pacific_needs_no_siren(site: Site) -> None:
    sheet = await _meetup(site)
    sent = await _send(site, sheet, **ZAINA, identifier_scheme="ridet", identifier_value="1 234 567.001")
    assert sent.status_code == 303
    assert (await _attendees(site))[0]["identifier_value"] == "1234567001"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"full_name": "a\u202eb"}, "full_name"),
        ({"email": "zaina@"}, "email"),
        ({"headcount": ""}, "headcount"),
        ({"headcount": "12"}, "headcount"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"organisation": "a\u2028b"}, "organisation"),
        ({"sector": "nothing"}, "sector"),
        ({"role": "king"}, "role"),
        ({"needs": ["cost", "time", "data"]}, "needs"),
        ({"needs": ["everything"]}, "needs"),
        ({"identifier_scheme": "siret", "identifier_value": "00000000000000"}, "identifier_value"),
        ({"identifier_scheme": "siret", "identifier_value": "35600000000014"}, "identifier_value"),
        ({"identifier_scheme": "duns", "identifier_value": "1"}, "identifier_scheme"),
        ({"identifier_value": "73282932000074"}, "identifier_scheme"),
        ({"access_needs": "x" * 501}, "access_needs"),
        ({"colleague_name_1": "Ali"}, "colleague_email_1"),
        ({"colleague_email_2": "ali@exemple.fr"}, "colleague_name_2"),
        ({"colleague_name_1": "Ali", "colleague_email_1": "ZAINA@exemple.fr"}, "colleague_email_1"),
    ],
)
async def test_what_is_wrong_leads_to_its_field_and_writes_nothing(
    site: Site, wrong: dict[str, str | list[str]], field: str
) -> None:
    answers: dict[str, str | list[str]] = {**ZAINA, "organisation": "Chez <i>Hina</i>", **wrong}
    shown = await _send(site, await _meetup(site), **answers)
    assert shown.status_code == 422
    errors = re.findall(r'<li><a href="#([^"]+)">', shown.text)
    assert errors == [field]
    assert f'id="{field}"' in shown.text
    if "organisation" not in wrong:
        assert 'value="Chez &lt;i&gt;Hina&lt;/i&gt;"' in shown.text, "what was typed stays, as text"
    assert not await site.registrations()


@pytest.mark.parametrize(
    "name",
    ["Ô", "X" * 80, "🎉 Émoji 👩🏽‍🌾", "محمد عبد الله", "<script>alert(1)</script>", "=HYPERLINK(1)", "O’Brien-Łukasz"],
)
async def test_names_are_what_people_say_they_are(site: Site, name: str) -> None:
    sent = await _send(site, await _meetup(site), **(ZAINA | {"full_name": name}))
    assert sent.status_code == 303
    assert (await _attendees(site))[0]["full_name"] == name
    assert "<script>alert" not in (await site.browser.get(sent.headers["location"])).text


async def test_a_consent_to_words_that_were_never_shown_is_none(site: Site) -> None:
    assert (await _send(site, await _meetup(site), **ZAINA, consent_newsletter="1999-01")).status_code == 303
    async with site.work.database.connection() as connection:
        assert not await connection.fetch("SELECT FROM consents")


async def test_a_double_tap_is_one_registration_with_one_set_of_consents(site: Site) -> None:
    sheet, key = await _meetup(site), str(uuid4())
    first, second = [await _send(site, sheet, key, **ZAINA, consent_photos="2026-11") for _ in range(2)]
    assert first.headers["location"].split("?")[0] == second.headers["location"].split("?")[0]
    assert len(await site.registrations()) == 1
    async with site.work.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM consents") == 1


async def test_going_back_and_telling_something_else_asks_once_more(site: Site) -> None:
    sheet, key = await _meetup(site), str(uuid4())
    await _send(site, sheet, key, **ZAINA)
    again = await _send(site, sheet, key, **ZAINA, sector="food")
    assert again.status_code == 422
    assert "déjà été envoyé avec d’autres réponses" in again.text
    assert 'value="food" selected' in again.text


async def test_questions_are_asked_kept_and_required_only_when_shown(site: Site) -> None:
    sheet = await _meetup(site, Changes(questions=QUESTIONS))
    page = await site.browser.get(f"/rencontres/{sheet.meetup.slug}")
    assert "Restez-vous au buffet" in page.text
    missing = await _send(site, sheet, **ZAINA, **{"q-lunch": "yes"})
    assert re.findall(r'<li><a href="#([^"]+)">', missing.text) == ["q-diet"]
    assert "Répondez à la question «\u202fCe que vous ne mangez pas\u202f»" in missing.text
    sent = await _send(site, sheet, **ZAINA, **{"q-lunch": "no", "q-diet": "typed before the mind was changed"})
    assert sent.status_code == 303
    assert (await _attendees(site))[0]["answers"] == {"lunch": ["no"]}


async def test_a_cafe_keeps_a_name_and_an_address_whatever_is_sent(site: Site) -> None:
    sheet = await _meetup(site, format="cafe_ia")
    assert "venir sans vous inscrire" in (await site.browser.get(f"/rencontres/{sheet.meetup.slug}")).text
    sent = await _send(site, sheet, **ZAINA, organisation="Firm", sector="food", consent_photos="2026-11")
    assert sent.status_code == 303
    [kept] = await _attendees(site)
    assert (kept["headcount"], kept["organisation"], kept["sector"]) == ("unasked", None, None)


async def test_a_private_meetup_opens_to_its_code_so_often_and_is_in_no_list(site: Site) -> None:
    sheet = await _meetup(site, Changes(visibility="private"), title="Réunion réservée")
    new = NewInvitation(label="Adhérents", max_uses=1, expires_at=None)
    _, code = await invitations.invite(site.work, sheet.meetup.id, new, by=ADMIN)
    for answers in ({}, {"invitation": "0000-0000-0000"}, {"invitation": "nonsense é"}):
        refused = await _send(site, sheet, **ZAINA, **answers)
        assert refused.status_code == 422
        assert re.findall(r'<li><a href="#([^"]+)">', refused.text) == ["invitation"]
    by_link = await site.browser.get(f"/rencontres/{sheet.meetup.slug}", params={"invitation": code})
    assert f'value="{code}"' in by_link.text
    assert '<meta name="robots" content="noindex">' in by_link.text
    public = await _meetup(site)
    assert "noindex" not in (await site.browser.get(f"/rencontres/{public.meetup.slug}")).text
    for what in ("", ".ics", "/donnees-personnelles"):
        kept_out = (await site.browser.get(f"/rencontres/{sheet.meetup.slug}{what}")).headers.get("x-robots-tag")
        found = (await site.browser.get(f"/rencontres/{public.meetup.slug}{what}")).headers.get("x-robots-tag")
        assert (kept_out, found) == ("noindex", None), what
    assert (await _send(site, sheet, **ZAINA, invitation=code.lower().replace("-", " "))).status_code == 303
    used_up = await _send(site, sheet, **(ZAINA | {"email": "b@exemple.fr"}), invitation=code)
    assert used_up.status_code == 422
    for path in ("/", "/?territoire=976", "/api/v1/meetups?territory=976"):
        assert "Réunion réservée" not in (await site.browser.get(path)).text, path


async def test_colleagues_get_registrations_of_their_own_and_one_page_tells_of_all(site: Site) -> None:
    sheet, key = await _meetup(site), str(uuid4())
    async with site.work.database.connection() as connection:
        await connection.execute("UPDATE rooms SET capacity = 2 WHERE meetup_id = $1", sheet.meetup.id)
    people = {
        "colleague_name_1": "Ali",
        "colleague_email_1": "ali@exemple.fr",
        "colleague_name_3": "Hina <b>",
        "colleague_email_3": "hina@exemple.fr",
    }
    answers = {**ZAINA, **people, "organisation": "Atelier", "access_needs": "Une rampe", "consent_photos": "2026-11"}
    first, second = [await _send(site, sheet, key, **answers) for _ in range(2)]
    assert first.status_code == second.status_code == 200
    assert "Hina &lt;b&gt;" in first.text
    assert first.text.count("Place gardée") == 2
    assert "Sur la liste d’attente, rang 1" in first.text
    assert re.findall(r"R-\w{5}-\w{5}", first.text) == re.findall(r"R-\w{5}-\w{5}", second.text)
    kept = {str(row["full_name"]): row for row in await _attendees(site)}
    assert {name: row["status"] for name, row in kept.items()} == {
        ZAINA["full_name"]: "held",
        "Ali": "held",
        "Hina <b>": "waitlisted",
    }
    assert {row["organisation"] for row in kept.values()} == {"Atelier"}
    assert [name for name, row in kept.items() if row["access_needs"]] == [ZAINA["full_name"]]
    async with site.work.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM consents") == 1, "nobody consents for somebody else"
