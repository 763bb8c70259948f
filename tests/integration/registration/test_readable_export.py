"""Somebody who did all that can be done reads what is kept of them in words: no code, no number of ours, whatever the language."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import JsonValue

from contracts.fact import Locale
from services.registration import attendance, meetups, people, registering
from services.registration.admission import Admission
from services.registration.domain.attendance import Scan
from services.registration.domain.consents import Consent
from services.registration.domain.identifiers import Identifier
from services.registration.domain.questions import Option, Question
from services.registration.editing import Changes
from services.registration.notices import PURPOSES
from services.registration.people.exporting import Export
from services.registration.people.labels import has_words, labels
from services.registration.people.readable import readable
from tests.fixtures.kept_codes import kept_codes
from tests.integration.registration.conftest import ADMIN, STARTS, House, application_of

TOPIC = "Une question à poser à nos intervenants\u202f?"
LUNCH = "Restez-vous au buffet\u202f?"
QUESTIONS = (
    Question(id="q1", kind="text", label=TOPIC),
    Question(id="q2", kind="choice", label=LUNCH, options=(Option(id="o1", label="Oui"), Option(id="o2", label="Non"))),
)


async def full_export(house: House, admission: Admission) -> Export:
    """Register with every answer, come, be looked at, agree, take it back, object, be held and ask for a copy."""
    meetup_id = (await house.meetup(online=5)).meetup.id
    await meetups.change(house.work, meetup_id, Changes(questions=QUESTIONS), by=ADMIN)
    asked = replace(
        application_of(meetup_id, 1, name="أحمد Zaïna M’Changama " + "de" * 28, mode="onsite"),
        role="head",
        sector="food",
        needs=("cost", "where_to_start"),
        timezone="Indian/Reunion",
        notice_version="2026-11",
        organisation="Le Fournil de Zaïna",
        identifier=Identifier("siret", "73282932000074"),
        access_needs="boucle magnétique",
        answers={"q1": ("Faut-il tout changer\u202f?",), "q2": ("o1",)},
        consents=tuple(Consent(purpose, "2026-11") for purpose in PURPOSES),
        channel="form",
    )
    receipt = (await admission.ask(asked)).receipt
    await registering.confirm(house.work, reference=receipt.reference, token=await house.token(receipt.reference))
    house.clock.moment = STARTS
    for kind in ("in", "undo", "in"):
        house.clock.advance(timedelta(minutes=1))
        scan = Scan(uuid4(), receipt.reference, kind, house.clock.now())
        await attendance.check_in(house.work, meetup_id, [scan], by=ADMIN)
    await attendance.attendees(house.work, meetup_id, status=None, after=None, limit=10, by=ADMIN)
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    await people.withdraw(house.work, person_id, purpose="newsletter", by="link")
    await people.object_to_use(house.work, person_id, by="link")
    await people.hold(house.work, person_id, file="2027-12")
    export = await people.export(house.work, person_id, by="command")
    assert export is not None
    mail: dict[str, JsonValue] = {
        "kind": "reminder",
        "recipient_kind": "person",
        "registration_id": str(receipt.id),
        "status": "sent",
    }
    mails: dict[str, list[dict[str, JsonValue]]] = {
        "mails": [{**mail, "finished_at": "2027-04-14T05:00:00+00:00"}],
        "mail_lanes": [{}],
    }
    return replace(export, services={**export.services, "notifications": mails}, not_answered=("analytics",))


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_nobody_reads_a_code(house: House, admission: Admission, locale: Locale) -> None:
    export = await full_export(house, admission)
    words = labels(locale)
    pairs = [pair for section in readable(export, words) for entry in section.entries for pair in entry.pairs]
    headings = [entry.heading for section in readable(export, words) for entry in section.entries if entry.heading]
    read = [text for pair in pairs for text in pair] + headings
    assert [text for text in read if re.search(r"\b[a-z]+_[a-z_]+\b|\bq[12]\b|\bo1\b|[0-9a-f]{8}-", text)] == []
    codes = {code for row in export.rows("registrations") for code in (row["sector"], row["role"])}
    assert codes.isdisjoint(read)
    assert (TOPIC, "Faut-il tout changer\u202f?") in pairs
    assert (LUNCH, "Oui") in pairs
    assert words.kind("mails") in [section.heading for section in readable(export, words)]


async def test_every_code_a_column_may_hold_has_words(house: House) -> None:
    tables = ["registrations", "attendees", "consents", "scans", "person_accesses", "objections", "legal_holds"]
    codes = await kept_codes(house.work.database, tables)
    assert {("cancelled_by", "erasure"), ("action", "exported"), ("channel", "form"), ("kind", "undo")} <= codes
    assert {pair for pair in codes if not has_words(*pair)} == set()


async def test_the_json_keeps_codes_and_the_questions_that_were_answered(house: House, admission: Admission) -> None:
    export = await full_export(house, admission)
    [registration], [written] = export.rows("registrations"), export.rows("attendees")
    assert (registration["sector"], registration["needs"]) == ("food", ["cost", "where_to_start"])
    assert written["answers"] == {"q1": ["Faut-il tout changer\u202f?"], "q2": ["o1"]}
    assert all(f'"{label}"' in json.dumps(written["questions"], ensure_ascii=False) for label in (TOPIC, LUNCH))


async def test_answers_to_a_question_taken_out_since_are_still_read(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await meetups.change(house.work, meetup_id, Changes(questions=QUESTIONS[:1]), by=ADMIN)
    await admission.ask(replace(application_of(meetup_id, 1), answers={"q1": ("Oui, une",)}))
    await meetups.change(house.work, meetup_id, Changes(questions=()), by=ADMIN)
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    export = await people.export(house.work, person_id, by="command")
    assert export is not None
    pairs = [pair for section in readable(export, labels("fr")) for entry in section.entries for pair in entry.pairs]
    assert (labels("fr").text("question_gone"), "Oui, une") in pairs
