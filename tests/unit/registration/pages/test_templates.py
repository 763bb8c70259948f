"""What the pages promise whatever they show: nothing typed runs, errors lead to their fields, reading changes nothing, and it all stays small."""

import re
from pathlib import Path

import pytest

from services.registration.pages import assets
from services.registration.pages.assets import asset_contents, asset_path
from services.registration.pages.catalogue import catalogues
from tests.unit.registration.pages.attendee_gallery import JOIN_URL
from tests.unit.registration.pages.gallery import every_page
from tests.unit.registration.pages.reading import Reader

PAGES = {
    f"{language}/{name}": html for language in ("fr", "en") for name, html in every_page(catalogues()[language]).items()
}

LEADING_ELSEWHERE = ("mailto:", "https://formulaire.defenseurdesdroits.fr/")
"""What a link may lead to that is not of this site; nothing is ever loaded from there."""


@pytest.fixture(params=PAGES, scope="module")
def read(request: pytest.FixtureRequest) -> Reader:
    return Reader(PAGES[request.param])


def test_ids_are_unique_and_labels_and_descriptions_find_theirs(read: Reader) -> None:
    assert len(read.ids) == len(set(read.ids))
    for tag, attributes in read.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for wanted in (attributes.get(name) or "").split():
                assert wanted in read.ids, (tag, name, wanted)
        if (attributes.get("href") or "").startswith("#"):
            assert (attributes["href"] or "")[1:] in read.ids


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(read: Reader) -> None:
    for tag, attributes in read.elements:
        assert tag not in {"style", "iframe", "object", "img"}
        data = attributes == {"type": "application/ld+json"}
        assert tag != "script" or data or attributes == {"src": asset_path("challenge.js"), "defer": None}
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        if attributes.get("rel") == "canonical":
            continue
        if attributes.get("href") == JOIN_URL:
            assert attributes["rel"] == "noreferrer", "the page's own address holds a token"
            continue
        for name in ("href", "src", "action"):
            ours = ("/", "#", *LEADING_ELSEWHERE) if tag == "a" else ("/", "#")
            assert (attributes.get(name) or "/").startswith(ours), attributes


def test_every_act_is_a_post_and_the_only_get_form_is_the_filter(read: Reader) -> None:
    for form in read.all("form"):
        assert form["method"] == "post" or "filter" in (form.get("class") or "").split()


@pytest.mark.parametrize("state", ["meetup-closed", "meetup-past", "meetup-cancelled"])
def test_a_meetup_that_takes_nobody_has_no_form(state: str) -> None:
    assert not Reader(PAGES[f"fr/{state}"]).all("form")


@pytest.mark.parametrize("state", ["held-look", "pending-look", "waitlisted-look", "offered-look", "confirmed-look"])
def test_a_link_that_was_not_mailed_shows_and_does_nothing(state: str) -> None:
    read = Reader(PAGES[f"fr/{state}"])
    assert not read.all("form")
    assert not [field for field in read.all("input") if field.get("name") == "token"]


@pytest.mark.parametrize(
    ("state", "acts", "pages"),
    [
        ("held", ["confirmer"], ["corriger", "annuler", "donnees"]),
        ("pending", [], ["corriger", "annuler", "donnees"]),
        ("waitlisted", [], ["corriger", "annuler", "donnees"]),
        ("offered", ["confirmer"], ["corriger", "annuler", "donnees"]),
        ("confirmed", [], ["billet", "invitation.ics", "ceder", "corriger", "annuler", "donnees"]),
        ("confirmed-online", [], ["invitation.ics", "mode", "ceder", "corriger", "annuler", "donnees"]),
        ("past", [], ["donnees"]),
        ("cancelled", [], ["donnees"]),
        ("expired", [], ["donnees"]),
    ],
)
def test_a_mailed_link_offers_what_the_state_allows(state: str, acts: list[str], pages: list[str]) -> None:
    read, own = Reader(PAGES[f"en/{state}"]), "/en/inscriptions/R-7K4QX-9M2TC/"
    assert [form["action"] for form in read.all("form")] == [own + act for act in acts]
    led = [link["href"] or "" for link in read.all("a") if (link["href"] or "").startswith(own)]
    assert led == [f"{own}{path}?token=kQ7x" for path in pages]


def test_a_registration_page_with_its_assets_stays_under_50_kb() -> None:
    css, icon = asset_contents()["rencontres.css"], asset_contents()["rencontres.svg"]
    largest = max(len(html.encode()) for name, html in PAGES.items() if "/meetup-" in name or "/form-" in name)
    assert largest + len(css) + len(icon) <= 50_000
    assert asset_path("rencontres.css") in PAGES["fr/held"]


def test_colours_are_tokens_only() -> None:
    css = asset_contents()["rencontres.css"].decode()
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    outside = [
        line
        for line in rules.splitlines()
        if re.search(r"#[0-9a-f]{3,6}\b", line) and "--" not in line and "fill" not in line
    ]
    assert outside == []


def test_every_file_of_styles_is_served() -> None:
    folder = Path(assets.__file__).parents[1] / "styles"
    assert {file.stem for file in folder.iterdir()} == set(assets.STYLES)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_title_tells_pages_apart(language: str) -> None:
    pages = [
        "programme",
        "programme-of-a-territory",
        "meetup-open",
        "form-errors",
        "held",
        "confirmed",
        "waitlisted",
        "cancelled",
        "expired",
        "giving-back",
        "links",
        "notice",
        "accessibility",
        "style",
        "problem-404",
    ]
    titles = [re.findall(r"<title>(.*?)</title>", PAGES[f"{language}/{name}"]) for name in pages]
    assert all(len(title) == 1 and title[0].endswith(" · Rencontres") for title in titles)
    assert len({title[0] for title in titles}) == len(pages)


def test_every_page_has_the_landmarks_one_jumps_between(read: Reader) -> None:
    assert [read.all(tag)[0].get("class") for tag in ("header", "footer")] == ["site", "site"]
    assert [main["id"] for main in read.all("main")] == ["content"]
    navigations = read.all("nav")
    names = [navigation.get("aria-label") or navigation.get("aria-labelledby") for navigation in navigations]
    assert None not in names
    assert len(set(names)) == len(names)


def test_a_form_with_faults_comes_back_at_their_summary() -> None:
    """The fragment moves the focus in every browser; `autofocus` does nothing at an address that has one."""
    read = Reader(PAGES["fr/form-errors"])
    assert [form["action"] for form in read.all("form") if form["method"] == "post"] == [
        "/rencontres/mamoudzou-2027-02#erreurs"
    ]
    assert [part["tabindex"] for part in read.all("div") if part.get("id") == "erreurs"] == ["-1"]
