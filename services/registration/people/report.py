"""The readable part of an export: a tagged PDF (PDF/UA-1). What people wrote goes in as data and never becomes markup."""

import json
import unicodedata
from functools import partial
from importlib.resources import files

from pydantic import JsonValue

from contracts.fact import Locale
from services.registration.people.exporting import Export
from services.registration.people.labels import Labels, labels
from services.registration.people.readable import Section, clock_of, only_in_json, readable

_COVERED = 0x0530
"""Every font that comes with typst has Latin, Greek and Cyrillic; beyond, it depends on the machine."""

_PUNCTUATION = range(0x2010, 0x2028)
_BIDI = {0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Controls that would turn the text around them; they are shown by name instead."""

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
    silent = ", ".join(words.value("service", service) for service in export.not_answered)
    return {
        "language": words.locale,
        "title": words.text("title"),
        "made": words.text("made", moment=words.moment(export.made_at.isoformat(), zone=clock_of(export))),
        "about": words.text("about"),
        "missing": words.text("missing", services=silent) if silent else None,
        "sections": [_section(section, plain=plain) for section in readable(export, words)],
        "elsewhere": words.text("elsewhere"),
        "kinds": [words.kind(kind) for kind in only_in_json(export)],
    }


def _section(section: Section, *, plain: bool) -> JsonValue:
    safe = partial(_safe, plain=plain)
    rows: list[JsonValue] = [
        {
            "heading": safe(entry.heading) if entry.heading else None,
            "pairs": [[safe(name), safe(value)] for name, value in entry.pairs],
        }
        for entry in section.entries
    ]
    return {"heading": section.heading, "rows": rows}


def _safe(text: str, *, plain: bool) -> str:
    return "".join(
        character if _can_show(character, plain=plain) else f"[U+{ord(character):04X}]" for character in text
    )


def _can_show(character: str, *, plain: bool) -> bool:
    code = ord(character)
    if code in _BIDI or (unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") and character not in _SPACES):
        return False
    return not plain or code < _COVERED or code in _PUNCTUATION or character in _SPACES
