"""What a mailed link lets its person ask: a copy, no consent any more, no other use, nothing at all."""

import json
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest

from tests.integration.registration.pages.conftest import Site
from tests.integration.registration.pages.test_way_of_an_attendee import _open, _register

EMAIL = "zaina@exemple.fr"


async def _get(site: Site, reference: str, path: str) -> str:
    token = await site.token(reference)
    return unescape((await site.browser.get(f"/inscriptions/{reference}/{path}", params={"token": token})).text)


async def _post(site: Site, reference: str, path: str, token: str = "", **fields: str) -> httpx.Response:
    data = {"token": token or await site.token(reference), **fields}
    return await site.browser.post(f"/inscriptions/{reference}/{path}", data=data, follow_redirects=True)


async def _consent(site: Site, reference: str) -> None:
    async with site.work.database.connection() as connection:
        await connection.execute(
            """INSERT INTO consents (id, person_id, registration_id, purpose, text_version, locale, given_at, channel)
               SELECT gen_random_uuid(), person_id, id, 'newsletter', '2026-11', 'fr', registered_at, 'form'
               FROM registrations WHERE reference = $1""",
            reference,
        )


async def test_the_page_shows_what_is_kept_under_the_address(site: Site) -> None:
    reference = await _register(site)
    page = await _get(site, reference, "donnees")
    assert EMAIL in page
    assert reference in page
    assert "Zaïna M’Changama" in page
    assert "Vous n’en avez donné aucun" in page


async def test_the_page_says_in_words_what_the_copy_says(site: Site) -> None:
    reference = await _register(site, organisation="Atelier <b>Éloïse</b>", sector="food", consent_photos="2026-11")
    await _consent(site, reference)
    page = await _get(site, reference, "donnees")
    for name, value in (
        ("Référence", reference),
        ("Taille de l’entreprise", "1 à 9 salariés"),
        ("Secteur", "Alimentation"),
        ("État", "à confirmer"),
        ("Voie", "dans le formulaire"),
        ("Version du texte accepté", "2026-11"),
    ):
        assert f"<dt>{name}</dt> <dd>{value}</dd>" in page
    assert "Photos et vidéos" in page
    assert "Annonce des prochaines rencontres" in page
    token = await site.token(reference)
    raw = (await site.browser.get(f"/inscriptions/{reference}/donnees", params={"token": token})).text
    assert "<dd>Atelier &lt;b&gt;Éloïse&lt;/b&gt;</dd>" in raw
    assert "n’ont pas répondu à temps et manquent ici" in page, "who could not be asked is named"
    in_english = await site.browser.get(f"/en/inscriptions/{reference}/donnees", params={"token": token})
    assert "<dt>Size of firm</dt> <dd>1 to 9 employees</dd>" in in_english.text


async def test_a_copy_is_a_zip_with_everything(site: Site) -> None:
    reference = await _register(site)
    response = await _post(site, reference, "donnees/copie")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/zip")
    assert response.headers["cache-control"] == "no-store"
    with ZipFile(BytesIO(response.content)) as packed:
        assert {name.rsplit(".", 1)[1] for name in packed.namelist()} == {"json", "pdf"}
        document = json.loads(packed.read("donnees.json"))
    assert EMAIL in json.dumps(document)
    assert reference in json.dumps(document)


async def test_a_consent_is_withdrawn_by_its_button_and_stays_as_proof(site: Site) -> None:
    reference = await _register(site)
    await _consent(site, reference)
    assert "Retirer cet accord" in await _get(site, reference, "donnees")
    for _ in range(2):
        after = unescape((await _post(site, reference, "donnees/accords", purpose="newsletter")).text)
        assert "L’accord est retiré." in after
        assert "<dt>Retiré le</dt>" in after
        assert "Retirer cet accord" not in after


async def test_an_objection_is_noted(site: Site) -> None:
    reference = await _register(site)
    after = unescape((await _post(site, reference, "donnees/opposition")).text)
    assert "Votre opposition est notée." in after
    assert "Vous vous opposez à tout autre usage depuis le" in after


async def test_erasing_says_what_goes_then_nothing_is_left_and_no_link_opens(site: Site) -> None:
    reference = await _register(site)
    token = await site.token(reference)
    before = await _get(site, reference, "donnees/effacer")
    assert EMAIL in before
    assert "Votre place pour une rencontre à venir" in before
    assert "Une inscription, sans personne derrière" in before
    after = await _post(site, reference, "donnees/effacer", token)
    assert "Vos données sont effacées" in unescape(after.text)
    assert after.url.path == "/donnees-effacees"
    gone = await site.browser.get(f"/inscriptions/{reference}", params={"token": token})
    assert gone.status_code == 404
    assert "Ce lien n’ouvre rien" in unescape(gone.text)
    again = await _post(site, reference, "donnees/effacer", token)
    assert (again.status_code, again.text) == (404, gone.text)


async def test_somebody_whom_a_legal_claim_needs_is_told_so(site: Site) -> None:
    reference = await _register(site)
    async with site.work.database.connection() as connection:
        await connection.execute(
            """INSERT INTO legal_holds (person_id, file, held_at)
               SELECT person_id, 'F-1', registered_at FROM registrations WHERE reference = $1""",
            reference,
        )
    for response in (await _post(site, reference, "donnees/effacer"),):
        assert response.status_code == 409
        assert "Une procédure en cours" in unescape(response.text)
    assert "Confirmez votre place" in (await _open(site, reference)).text


@pytest.mark.parametrize("path", ["donnees/copie", "donnees/accords", "donnees/opposition", "donnees/effacer"])
async def test_the_link_shown_after_the_form_opens_no_rights(site: Site, path: str) -> None:
    reference = await _register(site)
    token = await site.look(reference)
    refused = await _post(site, reference, path, token, purpose="newsletter")
    shown = await site.browser.get(f"/inscriptions/{reference}/donnees", params={"token": token})
    for answer in (refused, shown):
        assert answer.status_code == 403
        assert "Tout ce que nous gardons" not in unescape(answer.text)
        assert "Zaïna" not in answer.text
