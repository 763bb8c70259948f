"""One persistent SMTP connection, and the three ways in which a mail is not accepted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qs, unquote

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from pydantic_core import Url

from services.notifications.delivery.dialogue import Dialogue

TIMEOUT = 30.0
_GOODBYE = 2.0
_DONE = frozenset({250, 251, 252})
_GO_ON = frozenset({354})
_REFUSED = 400
_CLOSING = 421
_NO_SMTPUTF8 = 553
_LOST = (SMTPException, OSError, TimeoutError)


class ServerAway(Exception):
    """The server takes no mail at all now: it cannot be reached, or refuses us before it knows the recipient. No mail is to blame."""


class Refused(Exception):
    """The server refused this mail. `permanent` says that another try is useless; the text is the reply code, never what it quotes."""

    def __init__(self, code: int) -> None:
        super().__init__(_text(code))
        self.permanent = code >= 500


class Interrupted(Exception):
    """The connection ended while the mail was under way: it may or may not have been accepted, and will be sent again."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool
    starttls: bool | None
    greet_as: str

    @classmethod
    def parse(cls, url: Url, *, greet_as: str) -> "Server":
        """Read `smtp[s]://user:password@host:port?starttls=auto|required|never`."""
        starttls = parse_qs(url.query or "").get("starttls", ["auto"])[0]
        tls = url.scheme == "smtps"
        return cls(
            host=url.host or "localhost",
            port=url.port or (465 if tls else 25),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            tls=tls,
            starttls=False if tls else {"required": True, "never": False}.get(starttls),
            greet_as=greet_as,
        )

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


class Connection:
    """Sends one mail at a time; connects when it has to."""

    def __init__(self, server: Server, *, timeout: float = TIMEOUT) -> None:
        self._server, self._timeout = server, timeout
        self._dialogue: Dialogue | None = None
        self._extensions: frozenset[str] = frozenset()

    async def send(
        self, *, sender: str, recipient: str, content: bytes, cleared: Callable[[], Awaitable[None]]
    ) -> None:
        """Return once the server has accepted the mail, whose lines end with CRLF. Nothing it could accept leaves before `cleared` returns.

        Raises ServerAway, Refused or Interrupted.
        """
        dialogue = await self._begin(sender, recipient)
        await cleared()
        try:
            (code,) = await dialogue.ask(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        except _LOST as error:
            self._drop()
            raise Interrupted(type(error).__name__) from None
        if code == _CLOSING:
            self._drop()
            raise ServerAway(_text(code))
        if code not in _DONE:
            raise Refused(code)

    async def close(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        if self._dialogue is not None:
            with suppress(*_LOST):
                async with asyncio.timeout(_GOODBYE):
                    await self._dialogue.ask(b"QUIT\r\n")
        self._drop()

    async def _begin(self, sender: str, recipient: str) -> Dialogue:
        """Go as far as the content. A server may have closed an idle connection: nothing was sent yet, so a new one will do."""
        if self._dialogue is not None and self._dialogue.is_open:
            try:
                return await self._envelope(self._dialogue, sender, recipient)
            except ServerAway:
                self._drop()
        return await self._envelope(await self._connect(), sender, recipient)

    async def _envelope(self, dialogue: Dialogue, sender: str, recipient: str) -> Dialogue:
        codes = await self._ask(dialogue, self._commands(sender, recipient))
        if _CLOSING in codes or codes[0] not in _DONE:
            self._drop()
            raise ServerAway(_text(_CLOSING if _CLOSING in codes else codes[0]))
        refused = next((code for code, good in zip(codes[1:], (_DONE, _GO_ON), strict=False) if code not in good), None)
        if refused is None:
            return dialogue
        if codes[-1] in _GO_ON:  # it wants the content of a mail to nobody (RFC 2920, 3.1): easier to start afresh
            self._drop()
        else:
            await self._ask(dialogue, [b"RSET\r\n"])
        raise Refused(refused)

    async def _ask(self, dialogue: Dialogue, commands: Sequence[bytes]) -> list[int]:
        """All at once where the server allows it; else one by one, as far as they are accepted."""
        try:
            if "pipelining" in self._extensions:
                return await dialogue.ask(*commands)
            codes: list[int] = []
            for command in commands:
                codes += await dialogue.ask(command)
                if codes[-1] >= _REFUSED:
                    break
        except _LOST as error:
            self._drop()
            raise ServerAway(type(error).__name__) from None
        return codes

    def _commands(self, sender: str, recipient: str) -> list[bytes]:
        if not recipient.isascii() and "smtputf8" not in self._extensions:
            raise Refused(_NO_SMTPUTF8)
        option = "" if recipient.isascii() else " SMTPUTF8"
        return [f"MAIL FROM:<{sender}>{option}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n"]

    async def _connect(self) -> Dialogue:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            local_hostname=server.greet_as,
            timeout=self._timeout,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except SMTPResponseException as error:
            client.close()
            raise ServerAway(_text(error.code)) from None
        except (*_LOST, ValueError) as error:
            client.close()
            raise ServerAway(type(error).__name__) from None
        self._extensions = frozenset(client.esmtp_extensions)
        self._dialogue = Dialogue(cast(asyncio.Transport, client.transport), timeout=self._timeout)
        return self._dialogue

    def _drop(self) -> None:
        if self._dialogue is not None:
            self._dialogue.close()
        self._dialogue = None


def _text(code: int) -> str:
    return f"smtp-{code}"
