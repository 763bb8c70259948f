"""From the programme to a confirmed seat and back, as a browser without JavaScript goes it."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from chassis.problems import Unavailable
from services.registration.admission import Admission
from services.registration.receipts import Application, Outcome
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site

ZAINA = {"full_name": "Zaïna M’Changama", "email": "zaina@exemple.fr", "headcount": "1-9"}


def _key(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', html)
    assert found
    return found[1]


async def _send(site: Site, answers: dict[str, str] = ZAINA, *, prefix: str = "", **more: str) -> httpx.Response:
    address = f"{prefix}/rencontres/{MAMOUDZOU}"
    key = _key((await site.browser.get(address)).text)
    return await site.browser.post(address, data={"idempotency_key": key, **answers, **more})


async def _register(site: Site, **answers: str) -> str:
    """Register and return the reference."""
    response = await _send(site, ZAINA | answers)
    assert response.status_code == 303, response.text
    return urlsplit(response.headers["location"]).path.rsplit("/", 1)[1]


async def _open(site: Site, reference: str) -> httpx.Response:
    return await site.browser.get(f"/inscriptions/{reference}", params={"token": await site.token(reference)})


async def _press(site: Site, reference: str, act: str) -> httpx.Response:
    return await site.browser.post(
        f"/inscriptions/{reference}/{act}", data={"token": await site.token(reference)}, follow_redirects=True
    )


async def test_the_programme_leads_to_a_meetup_and_its_form(site: Site) -> None:
    programme = await site.browser.get("/", params={"territoire": "976"})
    assert programme.status_code == 200
    assert f'href="/rencontres/{MAMOUDZOU}"' in programme.text
    assert "heure de Mayotte" in programme.text
    meetup = await site.browser.get(f"/rencontres/{MAMOUDZOU}")
    assert "Réserver ma place" in meetup.text


async def test_sending_the_form_holds_a_seat_and_shows_what_comes_next(site: Site) -> None:
    sent = await _send(site)
    assert sent.status_code == 303
    # Without a fragment of its own the browser would keep the one of the form, which is for errors.
    assert urlsplit(sent.headers["location"]).fragment == "content"
    shown = await site.browser.get(sent.headers["location"])
    assert "Plus qu’un geste" in shown.text
    assert "mercredi 25 novembre 2026 à 11:00, heure de Mayotte" in unescape(shown.text)
    assert [status for _, status in await site.registrations()] == ["held"]


async def test_the_link_shown_after_the_form_may_look_and_nothing_else(site: Site) -> None:
    location = urlsplit((await _send(site)).headers["location"])
    token = parse_qs(location.query)["token"][0]
    shown = await site.browser.get(location.path, params={"token": token})
    assert "<form" not in shown.text
    refused = await site.browser.post(f"{location.path}/confirmer", data={"token": token})
    assert refused.status_code == 403
    assert [status for _, status in await site.registrations()] == ["held"]


async def test_opening_the_mailed_link_changes_nothing_and_its_button_confirms(site: Site) -> None:
    reference = await _register(site)
    before = await site.events()
    for _ in range(3):
        assert "Je confirme ma venue" in (await _open(site, reference)).text
    assert await site.events() == before
    confirmed = await _press(site, reference, "confirmer")
    assert "C’est noté, à bientôt" in confirmed.text
    again = await _press(site, reference, "confirmer")
    assert "C’est noté, à bientôt" in again.text
    assert (await site.events()).count("fr.rencontres.registration.confirmed.v1") == 1


async def test_a_seat_given_back_is_offered_to_who_waits_and_accepted_by_a_button(site: Site) -> None:
    await site.resize(MAMOUDZOU, 1)
    first = await _register(site)
    waiting = await _send(site, ZAINA | {"email": "b@exemple.fr"})
    assert "Votre rang" in (await site.browser.get(waiting.headers["location"])).text
    second = urlsplit(waiting.headers["location"]).path.rsplit("/", 1)[1]
    assert "Quitter la liste" in (await _open(site, second)).text
    cancelled = await _press(site, first, "annuler")
    assert "Votre inscription est annulée" in cancelled.text
    assert "J’accepte la place" in (await _open(site, second)).text
    assert "C’est noté" in (await _press(site, second, "confirmer")).text


async def test_a_full_meetup_says_how_many_wait(site: Site) -> None:
    await site.resize(MAMOUDZOU, 1)
    for number in range(3):
        await _register(site, email=f"p{number}@exemple.fr")
    page = await site.browser.get(f"/rencontres/{MAMOUDZOU}")
    assert "Complet, 2 personnes en attente" in page.text
    assert "M’inscrire sur la liste d’attente" in page.text


async def test_sending_twice_registers_once(site: Site) -> None:
    address = f"/rencontres/{MAMOUDZOU}"
    data = {"idempotency_key": _key((await site.browser.get(address)).text), **ZAINA}
    first, second = await site.browser.post(address, data=data), await site.browser.post(address, data=data)
    assert urlsplit(first.headers["location"]).path == urlsplit(second.headers["location"]).path
    assert len(await site.registrations()) == 1


async def test_the_same_key_with_other_answers_asks_once_more_under_a_new_key(site: Site) -> None:
    address = f"/rencontres/{MAMOUDZOU}"
    key = _key((await site.browser.get(address)).text)
    await site.browser.post(address, data={"idempotency_key": key, **ZAINA})
    response = await site.browser.post(address, data={"idempotency_key": key, **ZAINA, "email": "autre@exemple.fr"})
    assert response.status_code == 422
    assert "autre@exemple.fr" in response.text
    assert _key(response.text) != key
    assert len(await site.registrations()) == 1


async def test_an_address_already_registered_is_answered_like_any_other_and_registers_nobody(site: Site) -> None:
    first = await _register(site)
    response = await _send(site)
    assert response.status_code == 303
    shown = await site.browser.get(response.headers["location"])
    assert shown.status_code == 200
    assert first not in response.headers["location"]
    assert len(await site.registrations()) == 1


async def test_what_was_typed_outlives_a_pause_of_the_service(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_admission: Admission, _application: Application) -> Outcome:
        raise Unavailable(retry_after=7)

    address = f"/rencontres/{MAMOUDZOU}"
    key = _key((await site.browser.get(address)).text)
    with monkeypatch.context() as patched:
        patched.setattr(Admission, "ask", away)
        response = await site.browser.post(address, data={"idempotency_key": key, **ZAINA})
    assert (response.status_code, response.headers["retry-after"]) == (503, "7")
    assert _key(response.text) == key
    assert 'value="zaina@exemple.fr"' in response.text
    assert (await site.browser.post(address, data={"idempotency_key": key, **ZAINA})).status_code == 303


async def test_faults_are_listed_and_what_was_typed_stays(site: Site) -> None:
    response = await _send(site, {"full_name": '<i>"Zaïna"', "email": "zaina@", "headcount": "12"})
    assert response.status_code == 422
    assert "Il y a 2 points à corriger" in response.text
    assert 'href="#email"' in response.text
    assert 'href="#headcount"' in response.text
    assert 'value="&lt;i&gt;&#34;Zaïna&#34;"' in response.text
    assert await site.registrations() == []


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"full_name": "", "email": "", "headcount": ""},
        {**ZAINA, "full_name": "x" * 5000},
        {**ZAINA, "full_name": "Zaïna\u0000"},
        {**ZAINA, "full_name": "Zaïna\u202egnp.exe"},
        {**ZAINA, "email": "a" * 300 + "@exemple.fr"},
        {**ZAINA, "email": "zaina@exemple.fr\r\nBcc: all@exemple.fr"},
        {**ZAINA, "headcount": "0; DROP TABLE"},
    ],
)
async def test_unusable_answers_store_nothing(site: Site, answers: dict[str, str]) -> None:
    assert (await _send(site, answers)).status_code == 422
    assert await site.registrations() == []


@pytest.mark.parametrize("name", ["Ô", "\U0001f600 Zaïna", "محمد", "Anne-Élise d’Ornano y Ruiz", "O’Brien <b>"])
async def test_people_are_called_what_they_are_called(site: Site, name: str) -> None:
    assert (await _send(site, ZAINA | {"full_name": name})).status_code == 303


async def test_once_the_deadline_has_passed_confirming_says_so(site: Site) -> None:
    reference = await _register(site)
    token = await site.token(reference)
    site.later(hours=49)
    response = await site.browser.post(f"/inscriptions/{reference}/confirmer", data={"token": token})
    assert response.status_code == 409
    assert "Cette inscription a expiré" in response.text


async def test_once_it_has_begun_there_is_nothing_left_to_press(site: Site) -> None:
    reference = await _register(site)
    await _press(site, reference, "confirmer")
    token = await site.token(reference)
    site.clock.moment = site.clock.moment.replace(year=2027, month=2, day=17, hour=23)
    assert "<form" not in (await _open(site, reference)).text
    response = await site.browser.post(f"/inscriptions/{reference}/annuler", data={"token": token})
    assert response.status_code == 409
    assert "Il est trop tard" in response.text


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5000])
async def test_a_wrong_token_a_wrong_reference_and_none_look_the_same(site: Site, token: str) -> None:
    reference = await _register(site)
    wrong_token = await site.browser.get(f"/inscriptions/{reference}", params={"token": token})
    wrong_reference = await site.browser.get("/inscriptions/R-00000-00000", params={"token": token})
    assert wrong_token.status_code == wrong_reference.status_code == 404
    assert wrong_token.text == wrong_reference.text
    for act in ("confirmer", "annuler"):
        response = await site.browser.post(f"/inscriptions/{reference}/{act}", data={"token": token})
        assert (response.status_code, response.text) == (404, wrong_token.text)


async def test_english_is_the_same_way_in_english(site: Site) -> None:
    sent = await _send(site, prefix="/en")
    assert sent.headers["location"].startswith("/en/inscriptions/")
    shown = await site.browser.get(sent.headers["location"])
    assert '<html lang="en">' in shown.text
    assert "One step left" in shown.text
    async with site.work.database.connection() as connection:
        assert await connection.fetchval("SELECT locale FROM registrations") == "en"


async def test_a_meetup_that_closed_meanwhile_says_so(site: Site) -> None:
    address = f"/rencontres/{MAMOUDZOU}"
    key = _key((await site.browser.get(address)).text)
    site.later(days=120)
    response = await site.browser.post(address, data={"idempotency_key": key, **ZAINA})
    assert response.status_code == 409
    assert "Cette rencontre a eu lieu" in response.text
