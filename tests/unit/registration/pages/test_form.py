"""What the registration form promises: few questions, errors that lead to their fields, nothing typed is lost, nothing ticked for anybody."""

import re

import pytest

from services.registration.domain.questions import Option, Question, ShowIf
from services.registration.pages.asking import questions
from services.registration.pages.catalogue import catalogues
from tests.unit.registration.pages.form_gallery import QUESTIONS, every_form_page
from tests.unit.registration.pages.gallery import MAMOUDZOU, every_page
from tests.unit.registration.pages.reading import Reader

FORMS = {
    f"{language}/{name}": html
    for language in ("fr", "en")
    for name, html in every_form_page(catalogues()[language], MAMOUDZOU).items()
}
OPEN = every_page(catalogues()["fr"])["meetup-open"]


def _asked(html: str) -> list[str]:
    """Names of all that is asked, each once, folded parts left out."""
    unfolded = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    read = Reader(unfolded[unfolded.index("<main") : unfolded.index("</main>") + 7])
    fields = [
        (tag, field)
        for tag, field in read.elements
        if tag in {"input", "select", "textarea"} and field.get("type") != "hidden"
    ]
    return list(dict.fromkeys(field["name"] or "" for _, field in fields))


def test_four_questions_are_in_sight_and_three_are_needed() -> None:
    assert _asked(OPEN) == ["full_name", "email", "headcount", "organisation"]
    read = Reader(OPEN)
    needed = [
        field["name"] for tag, field in read.elements if tag in {"input", "select", "textarea"} and "required" in field
    ]
    assert needed == ["full_name", "email", "headcount"]


def test_a_cafe_asks_for_a_name_and_an_address() -> None:
    assert _asked(FORMS["fr/form-cafe"]) == ["full_name", "email"]
    assert "venir sans vous inscrire" in FORMS["fr/form-cafe"]


def test_the_form_carries_its_key_and_the_version_of_the_notice() -> None:
    hidden = {field["name"] for field in Reader(OPEN).all("input") if field.get("type") == "hidden"}
    assert hidden == {"idempotency_key", "notice_version"}


@pytest.mark.parametrize("name", ["fr/form-questions", "en/form-hybrid", "fr/form-approval"])
def test_nothing_is_ticked_for_anybody(name: str) -> None:
    assert not [field for field in Reader(FORMS[name]).all("input") if "checked" in field]


def test_each_consent_is_a_box_of_its_own_that_sends_the_version_of_its_words() -> None:
    boxes = [field for field in Reader(OPEN).all("input") if (field["name"] or "").startswith("consent_")]
    assert [field["name"] for field in boxes] == [
        "consent_newsletter",
        "consent_bpifrance",
        "consent_providers",
        "consent_photos",
    ]
    assert all(field["type"] == "checkbox" and field["value"] and "required" not in field for field in boxes)


def test_what_people_typed_never_becomes_markup() -> None:
    html = FORMS["fr/form-errors"]
    assert "&lt;b&gt;M’Changama&lt;/b&gt;" in html
    assert "<b>M’Changama" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html
    assert "<script>alert" not in html


def test_errors_come_first_and_lead_to_their_fields() -> None:
    html = FORMS["fr/form-errors"]
    assert "<title>Erreur\u202f: Par où" in html
    places = [html.index(f'href="#{name}"') for name in ("email", "headcount", "needs", "identifier_value", "q-which")]
    assert places == sorted(places)
    assert places[-1] < html.index('id="full_name"')
    assert 'value="zaina@" aria-invalid="true" aria-describedby="email-hint email-error"' in html


def test_what_was_chosen_is_still_chosen() -> None:
    read = Reader(FORMS["fr/form-errors"])
    checked = {(field["name"], field["value"]) for field in read.all("input") if "checked" in field}
    assert checked == {
        ("needs", "cost"),
        ("needs", "time"),
        ("needs", "data"),
        ("q-lunch", "yes"),
        ("q-diet", "meat"),
        ("q-diet", "other"),
        ("consent_photos", "2026-11"),
    }
    assert {field["value"] for field in read.all("option") if "selected" in field} == {"food", "siret"}


def test_what_holds_an_error_or_something_typed_is_not_folded_away() -> None:
    assert [field for field in Reader(OPEN).all("details") if "open" in field] == []
    opened = [field for field in Reader(FORMS["fr/form-errors"]).all("details") if "open" in field]
    assert len(opened) == 3


def test_names_and_addresses_are_filled_in_by_the_browser() -> None:
    completed = {field["name"]: field["autocomplete"] for field in Reader(OPEN).all("input") if "autocomplete" in field}
    assert completed == {"full_name": "name", "email": "email", "organisation": "organization"}


def test_a_private_meetup_asks_for_the_code_first() -> None:
    assert _asked(FORMS["fr/form-private"])[0] == "invitation"
    assert "Ce code n’ouvre pas cette rencontre" in FORMS["fr/form-private-wrong-code"]


def test_a_hybrid_meetup_says_what_is_left_on_site_and_online() -> None:
    html = FORMS["fr/form-hybrid"]
    assert _asked(html)[0] == "mode"
    assert "Complet, 3 personnes en attente" in html
    assert "80 places libres" in html


def test_approval_is_said_before_anything_is_sent() -> None:
    html = FORMS["fr/form-approval"]
    assert html.index("Les organisateurs répondent à chaque demande") < html.index('id="full_name"')
    assert "Envoyer ma demande" in html


def test_a_question_that_depends_on_another_never_blocks_the_form_and_says_so_in_words() -> None:
    read = Reader(FORMS["fr/form-questions"])
    fields = {field["name"]: field for field in (*read.all("input"), *read.all("textarea"))}
    assert "required" in fields["q-lunch"]
    assert "required" not in fields["q-which"], "a field that is hidden and required could never be sent"
    assert (
        "Seulement si vous avez répondu «\u202fOui\u202f» à «\u202fRestez-vous au buffet\u202f?\u202f»."
        in FORMS["fr/form-questions"]
    )


def test_a_chain_of_questions_is_open_only_when_every_link_is() -> None:
    _, lunch, diet, which = questions(QUESTIONS)
    assert lunch.opens == {"yes": "opens-1", "no": ""}
    assert diet.opens == {"meat": "", "other": "opens-2"}
    assert set(which.opened.split()) == {"opened-1", "opened-2"}
    assert lunch.opened == ""


def test_one_answer_may_open_several_questions() -> None:
    yes = (Option(id="yes", label="Oui"), Option(id="no", label="Non"))
    first = Question(id="a", kind="choice", label="A", options=yes)
    others = [
        Question(id=name, kind="text", label=name, show_if=ShowIf(question="a", option="yes")) for name in ("b", "c")
    ]
    assert next(questions([first, *others])).opens["yes"] == "opens-1 opens-2"
