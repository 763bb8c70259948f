"""Templates into words. Each mail is written once a language; text and HTML come from the same source through two sets of parts.

templates/fr|en/<kind>.jinja   what is said
templates/text|html/parts      how a paragraph, a list of facts, a button look in that form
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

from contracts.fact import Locale
from contracts.meetup import MeetupState
from contracts.vocabularies import HEADCOUNTS
from services.notifications.domain.notices import Kind
from services.notifications.mail import moments
from services.notifications.mail.letter import Letter
from services.notifications.mail.links import Links

Form = Literal["text", "html"]

_PACKAGE = "services.notifications.mail"
_PARTS = ("p", "minor", "note", "strong", "facts", "button")
_COLON: dict[Locale, str] = {"fr": "\u202f: ", "en": ": "}
_THOUSANDS: dict[Locale, str] = {"fr": "\u202f", "en": ","}
_WIDTH = 74
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Words:
    """A mail in words."""

    subject: str
    text: str
    html: str


def render(letter: Letter, links: Links) -> Words:
    """Write a letter out."""
    locale = letter.contact.locale
    context = _context(letter, links)
    subject, _, text = _template("text", locale, letter.kind).render(context).partition("\f")
    subject = _on_one_line(subject)
    return Words(
        subject=subject,
        text=_GAPS.sub("\n\n", text).strip() + "\n",
        html=_template("html", locale, letter.kind).render(context, subject=subject) + "\n",
    )


def _context(letter: Letter, links: Links) -> Mapping[str, object]:
    locale, facts, meetup = letter.contact.locale, letter.facts, letter.meetup
    context: dict[str, object] = {
        "locale": locale,
        "name": letter.contact.name,
        "reference": letter.reference,
        "facts_of": facts,
        "meetup": meetup,
        "lines": letter.lines,
        "page": lambda slug: links.meetup(slug, locale=locale),
        "headcount": HEADCOUNTS.label(facts.headcount, locale) if facts.headcount else "",
        "registration_url": links.registration(letter.reference, token=letter.contact.token, locale=locale),
    }
    if meetup is not None:
        context["when"] = _when_of(meetup, locale)
        context["expires"] = moments.instant(facts.expires_at, meetup.timezone, locale) if facts.expires_at else ""
    if facts.previous is not None:
        old = facts.previous
        context["previously"] = moments.span(old.starts_local, old.ends_local, old.timezone, locale)
    return context


@cache
def _template(form: Form, locale: Locale, kind: Kind) -> Template:
    return _environment(form, locale).get_template(f"{locale}/{kind}.jinja")


@cache
def _environment(form: Form, locale: Locale) -> Environment:
    """The pieces are globals, so that a template names what it says and nothing of how it looks."""
    loaders: list[BaseLoader] = [PackageLoader(_PACKAGE, f"templates/{form}"), PackageLoader(_PACKAGE, "templates")]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=form == "html",  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"fill": _fill, "number": _number}
    environment.globals |= {"colon": _COLON[locale], "when_of": _when_of}
    parts = environment.get_template("parts.jinja").module
    environment.globals |= {name: getattr(parts, name) for name in _PARTS}
    return environment


def _when_of(meetup: MeetupState, locale: Locale) -> moments.When:
    return moments.span(meetup.starts_local, meetup.ends_local, meetup.timezone, locale)


def _fill(text: str) -> str:
    """Break a paragraph into lines, never inside a link or at a no-break space. `textwrap` is four times slower (measured)."""
    lines: list[str] = []
    line = ""
    for word in _on_one_line(text).split(" "):
        if line and len(line) + 1 + len(word) > _WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def _on_one_line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


def _number(value: int, locale: Locale) -> str:
    return f"{value:,}".replace(",", _THOUSANDS[locale])
