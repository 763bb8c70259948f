"""A mail as bytes: headers, the same words as text and HTML, and the calendar part twice, as mail readers want it.

    multipart/mixed                          (with a calendar part; else the alternative alone)
      multipart/alternative
        text/plain, text/html, text/calendar; method=REQUEST|CANCEL
      application/ics, attached as invite.ics

Written by hand: `email.message` takes 1.8 to 3.1 ms a mail, this 0.2 ms (measured), and a test parses every mail with its strict policy.
"""

import binascii
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from contracts.fact import Locale
from services.notifications.mail.calendar import Method
from services.notifications.mail.mailbox import Mailbox, on_one_line
from services.notifications.mail.rendering import Words

_CRLF = "\r\n"
_ATOM = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~. ")
# An encoded word is at most 75 characters long (RFC 2047, 2): 45 bytes in base64 with what stands around them.
_WORD_BYTES = 42
_SHORT = 60


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iTIP message to go with a mail."""

    method: Method
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say besides the subject."""

    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None
    message_id: str
    date: datetime
    locale: Locale


def write(envelope: Envelope, words: Words, *, delivery_id: UUID, calendar: CalendarPart | None = None) -> bytes:
    """Return the mail, ready for DATA. Raises UnsendableAddress."""
    alternatives = [
        _part("text/plain; charset=utf-8", words.text.encode()),
        _part("text/html; charset=utf-8", words.html.encode()),
    ]
    if calendar is not None:
        kind = f"text/calendar; method={calendar.method}; charset=UTF-8"
        alternatives.append(_part(kind, calendar.content, base64=True))
    headers, body = _multipart("alternative", alternatives, boundary=f"alternative-{delivery_id.hex}")
    if calendar is not None:
        attachment = _part(
            'application/ics; name="invite.ics"',
            calendar.content,
            base64=True,
            disposition='attachment; filename="invite.ics"',
        )
        headers, body = _multipart("mixed", [headers + b"\r\n" + body, attachment], boundary=f"mixed-{delivery_id.hex}")
    return _headers(envelope, words.subject).encode() + headers + b"\r\n" + body


def _headers(envelope: Envelope, subject: str) -> str:
    lines = [
        f"From: {_mailbox(envelope.sender)}",
        f"To: {_mailbox(envelope.recipient)}",
        *([f"Reply-To: {_mailbox(envelope.reply_to)}"] if envelope.reply_to else []),
        f"Subject: {_unstructured(subject)}",
        f"Date: {format_datetime(envelope.date)}",
        f"Message-ID: {envelope.message_id}",
        "Auto-Submitted: auto-generated",
        f"Content-Language: {envelope.locale}",
        "MIME-Version: 1.0",
    ]
    return _CRLF.join(lines) + _CRLF


def _mailbox(mailbox: Mailbox) -> str:
    address = mailbox.wire
    name = on_one_line(mailbox.name)
    if not name:
        return address
    shown = f'"{name}"' if _ATOM.issuperset(name) and len(name) < _SHORT else _encoded(name)
    return f"{shown}{_CRLF} <{address}>"


def _unstructured(text: str) -> str:
    text = on_one_line(text)
    return text if text.isascii() and "=?" not in text and len(text) < _SHORT else _encoded(text)


def _encoded(text: str) -> str:
    """Encoded words, folded. No character is cut in two: each word decodes by itself."""
    chunks: list[bytes] = [b""]
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(chunks[-1]) + len(encoded) > _WORD_BYTES:
            chunks.append(b"")
        chunks[-1] += encoded
    return f"{_CRLF} ".join(f"=?utf-8?b?{b64encode(chunk).decode()}?=" for chunk in chunks)


def _part(kind: str, content: bytes, *, base64: bool = False, disposition: str = "") -> bytes:
    lines = [f"Content-Type: {kind}"]
    if disposition:
        lines.append(f"Content-Disposition: {disposition}")
    lines.append(f"Content-Transfer-Encoding: {'base64' if base64 else 'quoted-printable'}")
    body = _base64(content) if base64 else _quoted_printable(content)
    return (_CRLF.join(lines) + _CRLF * 2).encode() + body


def _base64(content: bytes) -> bytes:
    encoded = b64encode(content)
    return b"\r\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76))


def _quoted_printable(content: bytes) -> bytes:
    # istext leaves line ends alone; they are CRLF from here on.
    return binascii.b2a_qp(content.replace(b"\n", b"\r\n"), istext=True)


def _multipart(subtype: str, parts: list[bytes], *, boundary: str) -> tuple[bytes, bytes]:
    """Return the header and the body. The boundary holds a delivery's id: no content can guess it beforehand."""
    edge = f"--{boundary}".encode()
    body = b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n'.encode(), body
