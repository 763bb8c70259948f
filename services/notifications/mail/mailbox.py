"""An e-mail address with the name shown for it."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORBIDDEN = frozenset(' <>,;:\\"()[]')


class UnsendableAddress(ValueError):
    """The address cannot stand in a header or an SMTP command: it holds blanks, brackets or control characters."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Lives as long as one sending; `repr` shows nothing, since it may end up in a log."""

    email: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `Rencontres <rencontres@example.org>`."""
        name, email = parseaddr(text)
        return cls(email, name)

    @property
    def wire(self) -> str:
        """The address as it travels: its domain in ASCII (IDNA); what stands before the @ stays, and may need SMTPUTF8.

        Raises UnsendableAddress.
        """
        local, at, domain = self.email.rpartition("@")
        if not (local and at and domain and self.email.isprintable()) or _FORBIDDEN & set(self.email):
            raise UnsendableAddress("this address cannot be written to")
        try:
            return f"{local}@{domain.encode('idna').decode()}"
        except UnicodeError:
            raise UnsendableAddress("this domain cannot be written to") from None

    def __repr__(self) -> str:
        return "Mailbox(…)"


def on_one_line(text: str) -> str:
    """Return words fit for a header or a calendar parameter: what would end a line becomes a blank."""
    return _CONTROLS.sub(" ", text).strip()
