"""Reading a kept mail: what a list needs, and the parts a person looks at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who reads a trace from Jaeger has no mail sink
    from local.mail_sink import Mail

_BLANK = re.compile(r"\s+")
_INVISIBLE = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's parts as text; empty when it has no such part."""

    text: str
    html: str
    calendar: str
    calendar_method: str
    headers: tuple[tuple[str, str], ...]
    source: str
    parts: tuple[str, ...]


def read(mail: "Mail") -> Letter:
    """Take a mail apart. A part that cannot be decoded is shown as far as it can."""
    calendar = next((part for part in _leaves(mail.message) if part.get_content_type() == "text/calendar"), None)
    return Letter(
        text=_body(mail.message, "plain"),
        html=_body(mail.message, "html"),
        calendar=_content(calendar) if calendar else "",
        calendar_method=str(calendar.get_param("method") or "") if calendar else "",
        headers=tuple((name, str(value)) for name, value in mail.message.items()),
        source=mail.raw.decode("utf-8", errors="replace"),
        parts=tuple(part.get_content_type() for part in _leaves(mail.message)),
    )


def excerpt(mail: "Mail", length: int = 140) -> str:
    """The first words, for the list."""
    text = _body(mail.message, "plain") or unescape(_INVISIBLE.sub(" ", _body(mail.message, "html")))
    words = _BLANK.sub(" ", text[: length * 4]).strip()
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + "…"


def find(mails: "Iterable[Mail]", *, to: str = "", subject: str = "") -> "list[Mail]":
    """Newest first, those whose recipients and subject contain these words, in any case."""
    to, subject = to.strip().casefold(), subject.strip().casefold()
    found = [mail for mail in mails if not to or any(to in address.casefold() for address in mail.recipients)]
    return [mail for mail in reversed(found) if not subject or subject in mail.subject.casefold()]


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return "" if part is None else _content(part)


def _content(part: MIMEPart) -> str:
    try:
        content = part.get_content()
    except (LookupError, MessageError, ValueError):  # an unknown charset or a broken encoding
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else str(part.get_payload())
    return content.decode("utf-8", errors="replace") if isinstance(content, bytes) else str(content)


def _leaves(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if not part.is_multipart()]
