"""The readable part of an export: a tagged PDF (PDF/UA-1). What people wrote goes in as data and never becomes markup."""

import json
import re
import unicodedata
from datetime import datetime
from importlib.resources import files

from babel.dates import format_datetime, get_timezone
from pydantic import JsonValue

from contracts.fact import Locale
from services.registration.people.exporting import OWN, Export
from services.registration.people.labels import Labels, labels

READ = ("person", "registrations", "attendees", "consents", "objections", "legal_holds", "scans", "own_accesses")
"""What is written out here. The rest is how the services work: it is named at the end, and complete in the JSON."""

_TECHNICAL = {"email_key", "version", "ticket", "meetup_slug", "meetup_timezone", "calendar_changes"}

_COVERED = 0x0530
"""Every font that comes with typst has Latin, Greek and Cyrillic; beyond, it depends on the machine."""

_PUNCTUATION = range(0x2010, 0x2028)
_BIDI = {0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Controls that would turn the text around them; they are shown by name instead."""

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")

_SPACES = "\t\n\u202f\u20ac"


def report(export: Export, locale: Locale) -> bytes:
    """Return the PDF. A character that no font here has is shown by its code point; the JSON has the character itself."""
    import typst  # 30 MB that only an export needs

    try:
        return _typeset(_content(export, labels(locale), plain=False))
    except typst.TypstError:
        return _typeset(_content(export, labels(locale), plain=True))


def _typeset(content: dict[str, JsonValue]) -> bytes:
    import typst

    template = files("services.registration").joinpath("people", "report.typ").read_bytes()
    pdf = typst.compile(template, sys_inputs={"content": json.dumps(content)}, pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("one document makes one file")
    return pdf


def _content(export: Export, words: Labels, *, plain: bool) -> dict[str, JsonValue]:
    def safe(text: str) -> str:
        return "".join(
            character if _can_show(character, plain=plain) else f"[U+{ord(character):04X}]" for character in text
        )

    registrations = {row.get("id"): row for row in export.rows("registrations")}

    def entry(kind: str, number: int, row: dict[str, JsonValue]) -> JsonValue:
        about = row if kind == "registrations" else registrations.get(row.get("registration_id"), {})
        title, zone = about.get("meetup_title"), about.get("meetup_timezone")
        pairs: list[JsonValue] = [
            [words.key(key), safe(_value(key, value, words, str(zone) if zone else "UTC"))]
            for key, value in row.items()
            if value not in (None, "", [], {}) and not _technical(key)
        ]
        return {"heading": safe(str(title)) if title else f"{words.text('entry')} {number}", "pairs": pairs}

    own = export.services.get(OWN, {})
    sections: list[JsonValue] = [
        {"heading": words.kind(kind), "rows": [entry(kind, number, row) for number, row in enumerate(own[kind], 1)]}
        for kind in READ
        if kind in own
    ]
    elsewhere = [kind for kinds in export.services.values() for kind in kinds if kinds is not own or kind not in READ]
    return {
        "language": words.locale,
        "title": words.text("title"),
        "made": words.text("made", moment=_readable(export.made_at.isoformat(), words.locale)),
        "about": words.text("about"),
        "missing": words.text("missing", services=", ".join(export.not_answered)) if export.not_answered else None,
        "sections": sections,
        "elsewhere": words.text("elsewhere"),
        "kinds": [words.kind(kind) for kind in elsewhere],
    }


def _technical(key: str) -> bool:
    return key in _TECHNICAL or key == "id" or key.endswith("_id")


def _value(key: str, value: JsonValue, words: Labels, zone: str) -> str:
    match value:
        case bool():
            return words.text("yes" if value else "no")
        case str():
            return _readable(value, words.locale, zone) if key.endswith("_at") else words.value(key, value)
        case list():
            return ", ".join(_value(key, one, words, zone) for one in value)
        case dict():
            return " · ".join(f"{name} : {_value(name, one, words, zone)}" for name, one in value.items())
        case _:
            return json.dumps(value)


def _readable(text: str, locale: Locale, zone: str = "UTC") -> str:
    """Return an instant as people write it, on the clock of a zone that it names, and anything else as it is."""
    if not _INSTANT.fullmatch(text):
        return text
    clock = "'UTC'" if zone == "UTC" else "'('VVVV')'"
    try:
        return format_datetime(
            datetime.fromisoformat(text), f"d MMMM y HH:mm {clock}", tzinfo=get_timezone(zone), locale=locale
        )
    except (ValueError, OverflowError, LookupError):  # a name may look like an instant and be none
        return text


def _can_show(character: str, *, plain: bool) -> bool:
    code = ord(character)
    if code in _BIDI or (unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") and character not in _SPACES):
        return False
    return not plain or code < _COVERED or code in _PUNCTUATION or character in _SPACES
