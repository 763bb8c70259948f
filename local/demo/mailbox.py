"""The demo's people open their mail: the console's mailbox, read over HTTP."""

import asyncio
import re
import time
from dataclasses import dataclass
from urllib.parse import quote

from local.demo.site import Site
from local.failure import Failure

POLL = 0.25
PATIENCE = 60.0
_LINK = re.compile(r"/inscriptions/(?P<reference>R-[0-9A-Z-]+)\?token=(?P<token>[A-Za-z0-9_-]+)")


class MailMissingError(Failure):
    """Mails that should have come did not; the console's overview shows where they wait."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the mailbox."""

    id: int
    subject: str
    recipient: str


class Mailbox:
    """Mails to one run of the demo: all its addresses end the same way."""

    def __init__(self, site: Site, *, console_url: str, ending: str) -> None:
        self._site, self._console, self._ending = site, console_url, ending

    async def wait_for(self, count: int) -> list[Listed]:
        """Return the mails, newest first, once there are `count`. Raises MailMissingError."""
        deadline = time.monotonic() + PATIENCE
        while len(mails := await self._list()) < count:
            if time.monotonic() > deadline:
                raise MailMissingError(f"{len(mails)} of {count} mails came in {PATIENCE:.0f} s: see {self._console}")
            await asyncio.sleep(POLL)
        return mails

    async def link(self, mail: Listed) -> tuple[str, str]:
        """Return reference and token of the link in a mail. Raises MailMissingError."""
        text = (await self._site.get(f"{self._console}/api/mailbox/{mail.id}"))["text"]
        found = _LINK.search(text)
        if found is None:
            raise MailMissingError(f"mail {mail.id} has no link: {self._console}/mailbox/{mail.id}")
        return found["reference"], found["token"]

    async def _list(self) -> list[Listed]:
        found = await self._site.get(f"{self._console}/api/mailbox?to={quote(self._ending)}&limit=5000")
        return [Listed(mail["id"], mail["subject"], mail["recipients"][0]) for mail in found["mails"]]
