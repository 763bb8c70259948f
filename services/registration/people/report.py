"""The readable part of an export: a tagged PDF (PDF/UA-1). What people wrote goes in as data and never becomes markup."""

import json
import re
import unicodedata
from datetime import UTC, datetime
from importlib.resources import files

from babel.dates import format_datetime
from pydantic import JsonValue

from contracts.fact import Locale
from services.registration.people.exporting import Export
from services.registration.people.labels import Labels, labels

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
    def shown(value: JsonValue) -> str:
        text = _readable(value, words.locale) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return "".join(
            character if _can_show(character, plain=plain) else f"[U+{ord(character):04X}]" for character in text
        )

    sections: list[JsonValue] = [
        {
            "heading": words.kind(kind),
            "rows": [
                [[words.key(key), shown(value)] for key, value in row.items() if value is not None] for row in rows
            ],
        }
        for kinds in export.services.values()
        for kind, rows in kinds.items()
    ]
    return {
        "language": words.locale,
        "title": words.text("title"),
        "made": words.text("made", moment=_readable(export.made_at.isoformat(), words.locale)),
        "about": words.text("about"),
        "missing": words.text("missing", services=", ".join(export.not_answered)) if export.not_answered else None,
        "entry": words.text("entry"),
        "sections": sections,
    }


def _readable(text: str, locale: Locale) -> str:
    """Return an instant as people write it, and anything else as it is."""
    if not _INSTANT.fullmatch(text):
        return text
    try:
        return format_datetime(datetime.fromisoformat(text), "d MMMM y HH:mm 'UTC'", tzinfo=UTC, locale=locale)
    except (ValueError, OverflowError):  # a name may look like an instant and be none
        return text


def _can_show(character: str, *, plain: bool) -> bool:
    code = ord(character)
    if code in _BIDI or (unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") and character not in _SPACES):
        return False
    return not plain or code < _COVERED or code in _PUNCTUATION or character in _SPACES
