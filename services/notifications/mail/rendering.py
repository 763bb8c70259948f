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
from markupsafe import Markup

from contracts.fact import Locale
from contracts.meetup import MeetupState
from contracts.vocabularies import ATTENDANCE_MODES, HEADCOUNTS
from services.notifications.domain.copies import Mode, attends_online
from services.notifications.domain.notices import Kind
from services.notifications.mail import moments
from services.notifications.mail.letter import Letter, LinkLine
from services.notifications.mail.links import Links

Form = Literal["text", "html"]

_PACKAGE = "services.notifications.mail"
_PARTS = ("p", "minor", "note", "strong", "facts", "button", "link", "footlink")
_COLON: dict[Locale, str] = {"fr": "\u202f: ", "en": ": "}
_THOUSANDS: dict[Locale, str] = {"fr": "\u202f", "en": ","}
_WITH_A_SEAT = frozenset({Kind.SEAT_CONFIRMED, Kind.MODE_CHANGED, Kind.MEETUP_MOVED, Kind.JOIN_CHANGED, Kind.REMINDER})
_FIRST_HEARD = frozenset({Kind.CONFIRM_ADDRESS, Kind.WAITING_LIST, Kind.REQUEST_RECEIVED})
"""What somebody who was named by somebody else may read before anything else from us (RGPD, article 14.3.b)."""
_ONLINE: dict[Locale, str] = {"fr": "en ligne", "en": "online"}
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
        "named_by": letter.named_by,
        "first_heard": letter.kind in _FIRST_HEARD,
        "lines": letter.lines,
        "links": [_linked(line, links, locale) for line in letter.links],
        "page": lambda slug: links.meetup(slug, locale=locale),
        "programme_url": links.programme(locale=locale),
        "notice_url": links.notice(meetup.slug if meetup else None, locale=locale),
        "headcount": HEADCOUNTS.label(facts.headcount, locale) if facts.headcount else "",
        **_own_pages(letter, links),
    }
    if meetup is not None:
        context |= _about(meetup, letter)
    return context


def _own_pages(letter: Letter, links: Links) -> Mapping[str, str]:
    """Pages behind a mailed link; those of any registration lead to the person's own data."""
    first = letter.links[0] if letter.links else None
    reference, token = (first.reference, first.token) if first else (letter.reference, letter.contact.token)
    pages = {
        "registration_url": links.registration,
        "cannot_come_url": links.cannot_come,
        "ticket_url": links.ticket,
        "own_data_url": links.own_data,
    }
    return {name: page(reference, token=token, locale=letter.contact.locale) for name, page in pages.items()}


def _about(meetup: MeetupState, letter: Letter) -> Mapping[str, object]:
    locale, facts, own = letter.contact.locale, letter.facts, letter.timezone
    when = _when_of(meetup, locale, own=own)
    about: dict[str, object] = {"when": when, "place": _place(meetup, letter.mode, locale)}
    about["online"] = attends_online(letter.mode, meetup)
    about["join_url"] = letter.contact.join_url
    about["joins"] = letter.kind in _WITH_A_SEAT and facts.status == "confirmed"
    about["expires"] = moments.instant(facts.expires_at, meetup.timezone, locale, own=own) if facts.expires_at else ""
    about["passes_on"] = facts.expires_at is not None and facts.expires_at < meetup.starts_at
    about["days_ahead"] = moments.days_between(letter.written_at, meetup.starts_at, own or meetup.timezone)
    if facts.previous is not None:
        old = facts.previous
        before = old.attendance_mode or meetup.attendance_mode
        about["previously"] = moments.span(old.starts_local, old.ends_local, old.timezone, locale)
        about["venue_before"] = _ONLINE[locale] if before == "online" else old.venue
        about["mode_before"] = ATTENDANCE_MODES.label(before, locale) if before != meetup.attendance_mode else ""
    return about


def _linked(line: LinkLine, links: Links, locale: Locale) -> Mapping[str, object]:
    return {
        "meetup": line.meetup,
        "reference": line.reference,
        "status": line.status,
        "awaiting_approval": line.awaiting_approval,
        "when": _when_of(line.meetup, locale, own=line.timezone),
        "place": _place(line.meetup, line.mode, locale),
        "url": links.registration(line.reference, token=line.token, locale=locale),
    }


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
    environment.filters |= {"fill": _fill, "number": _number, "linked": _as_link if form == "html" else str}
    environment.globals |= {"colon": _COLON[locale], "when_of": _when_of, "seats": _seats}
    parts = environment.get_template("parts.jinja").module
    environment.globals |= {name: getattr(parts, name) for name in _PARTS}
    return environment


def _when_of(meetup: MeetupState, locale: Locale, *, own: str | None = None) -> moments.When:
    return moments.span(meetup.starts_local, meetup.ends_local, meetup.timezone, locale, own=own)


def _place(meetup: MeetupState, mode: Mode | None, locale: Locale) -> str:
    return _ONLINE[locale] if attends_online(mode, meetup) else meetup.venue.name


def _seats(meetup: MeetupState) -> int:
    """Those of a hybrid meetup are in its room and before screens, overbooked alike."""
    return meetup.seats_allowed + (meetup.online_capacity or 0) * (100 + meetup.overbooking_percent) // 100


def _as_link(text: str) -> Markup:
    """Return a web address as a link that shows it."""
    return Markup('<a class="link" href="{0}" style="color:#a83f1d">{0}</a>').format(text)


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
