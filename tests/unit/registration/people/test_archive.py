"""The zip a person gets: complete for machines, readable for people, whatever was written into the form."""

import asyncio
import io
import json
import tempfile
import threading
import zipfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import JsonValue

from contracts.fact import Locale
from services.registration.people.archive import FORMAT, archive
from services.registration.people.exporting import KINDS, Export
from services.registration.people.labels import labels, wording
from services.registration.people.report import _content

PERSON = UUID("019f2a3b-4c00-7000-8000-000000000030")
NASTY = [
    'Zaïna <b onclick="x">M’Changama</b>',
    '#panic("typst") $x$ *é* _é_ `a` // /* @ref <label> \\ #[',
    "=HYPERLINK(1)",
    "مرحبا 你好 👩‍🚒 \u202eevil\u202c \x07 \ue000",
    "é" * 4000,
]


def export_of(**row: JsonValue) -> Export:
    return Export(
        person_id=PERSON,
        made_at=datetime(2027, 6, 1, 9, tzinfo=UTC),
        services={"registration": {"person": [{"id": str(PERSON), **row}]}},
        not_answered=("analytics",),
    )


async def unpacked(export: Export, locale: Locale = "fr") -> tuple[dict[str, JsonValue], bytes]:
    made = await archive(export, locale)
    assert made.name == "donnees-2027-06-01.zip"
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        assert packed.namelist() == ["donnees.json", "donnees.pdf"]
        return json.loads(packed.read("donnees.json")), packed.read("donnees.pdf")


@pytest.mark.parametrize("typed", NASTY)
async def test_what_was_typed_stays_text(typed: str) -> None:
    document, pdf = await unpacked(export_of(full_name=typed, answers={"q1": [typed]}))
    assert document["services"] == {
        "registration": {"person": [{"id": str(PERSON), "full_name": typed, "answers": {"q1": [typed]}}]}
    }
    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-13-45T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-01-01T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "\u0662\u0660\u0662\u0666-01-01T00:00:00Z",
    ],
)
async def test_a_name_that_looks_like_an_instant_is_a_name(typed: str) -> None:
    assert labels("fr").moment(typed) == typed
    _, pdf = await unpacked(export_of(full_name=typed))
    assert pdf.startswith(b"%PDF-")


async def test_one_copy_is_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = threading.Barrier(2)

    def packed(_export: Export, _locale: Locale) -> bytes:
        try:
            meeting.wait(timeout=0.2)
        except threading.BrokenBarrierError:
            meeting.reset()
            return b"alone"
        return b"together"

    monkeypatch.setattr(import_module("services.registration.people.archive"), "_packed", packed)
    made = await asyncio.gather(*(archive(export_of(), "fr") for _ in range(3)))
    assert [one.content for one in made] == [b"alone"] * 3


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_the_pdf_is_tagged_in_its_language(locale: Locale) -> None:
    _, pdf = await unpacked(export_of(full_name="Zaïna"), locale)
    assert b"pdfuaid" in pdf
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({locale})".encode() in pdf


async def test_the_json_says_what_its_names_mean_and_who_did_not_answer() -> None:
    document, _ = await unpacked(export_of(full_name="Zaïna"))
    assert document["format"] == FORMAT
    assert document["not_answered"] == ["analytics"]
    assert document["keys"] == {"full_name": "Nom", "id": "Numéro"}
    assert document["kinds"] == {"person": "Vous"}


def test_nothing_is_left_in_a_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asyncio.run(archive(export_of(full_name="Zaïna"), "fr"))
    assert list(tmp_path.iterdir()) == []


def test_every_kind_has_a_name_in_both_languages() -> None:
    others = {"mails", "registration_copies", "mail_lanes", "report_facts"}
    assert set(KINDS) | others <= set(wording().kinds)
    assert labels("fr").kind("attendees") != labels("en").kind("attendees")


def test_what_a_newer_service_keeps_is_shown_under_its_own_name() -> None:
    assert labels("fr").key("something_new") == "something_new"


def test_the_pdf_speaks_in_words_on_the_meetups_clock_and_leaves_the_machinery_to_the_json() -> None:
    registration: dict[str, JsonValue] = {
        "id": "019f2a3b-4c00-7000-8000-000000000031",
        "meetup_title": "Par où commencer",
        "meetup_timezone": "Indian/Mayotte",
        "status": "confirmed",
        "attended": False,
        "mode": "online",
        "needs": ["cost"],
        "attended_at": "2027-02-04T06:05:00+00:00",
    }
    event: dict[str, JsonValue] = {"headers": {"traceparent": "00-abc"}, "subject": "rencontres.registration"}
    export = Export(
        person_id=PERSON,
        made_at=datetime(2027, 6, 1, 9, tzinfo=UTC),
        services={
            "registration": {"registrations": [registration], "events": [event]},
            "notifications": {"mails": [{"kind": "reminder", "finished_at": "2027-02-03T06:00:00+00:00"}]},
        },
        not_answered=(),
    )
    content = _content(export, labels("fr"), plain=False)
    shown = json.dumps(content, ensure_ascii=False)
    for words in (
        "Par où commencer",
        "confirmée",
        '"non"',
        "En ligne",
        "4 février 2027 09:05 (heure : Mayotte)",
        "Rappel",
    ):
        assert words in shown
    for machinery in ("traceparent", "rencontres.registration", "00000031", "cost"):
        assert machinery not in shown
    assert content["kinds"] == [labels("fr").kind("events")]


@pytest.mark.parametrize(
    ("begins", "said"), [("2027-06-02T06:00:00+00:00", False), ("2027-05-31T06:00:00+00:00", True)]
)
def test_nobody_is_said_to_have_missed_a_meetup_that_is_still_ahead(begins: str, said: bool) -> None:
    export = Export(
        person_id=PERSON,
        made_at=datetime(2027, 6, 1, 9, tzinfo=UTC),
        services={"registration": {"registrations": [{"meetup_starts_at": begins, "attended": False}]}},
        not_answered=(),
    )
    content = json.dumps(_content(export, labels("fr"), plain=False), ensure_ascii=False)
    assert (labels("fr").key("attended") in content) is said
