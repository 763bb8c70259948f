"""One persistent SMTP connection, and the three ways in which a mail is not accepted."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)
from pydantic_core import Url

TIMEOUT = 30.0
_CLOSING = 421
_NO_SMTPUTF8 = 553
_LOST = (SMTPException, OSError, TimeoutError)


class ServerAway(Exception):
    """The server takes no mail at all now: it cannot be reached, or refuses us before it knows the recipient. No mail is to blame."""


class Refused(Exception):
    """The server refused this mail. `permanent` says that another try is useless; the text is the reply code, never what it quotes."""

    def __init__(self, code: int) -> None:
        super().__init__(f"smtp-{code}")
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
        self._client: SMTP | None = None

    async def send(self, *, sender: str, recipient: str, content: bytes) -> None:
        """Return once the server has accepted the mail. Raises ServerAway, Refused or Interrupted."""
        utf8 = not recipient.isascii()
        client = await self._open_transaction(sender, utf8=utf8)
        try:
            await client.rcpt(recipient, encoding="utf-8" if utf8 else "ascii")
            await client.data(content)
        except (SMTPRecipientRefused, SMTPDataError) as error:
            if error.code == _CLOSING:
                self._drop()
                raise ServerAway(f"smtp-{error.code}") from None
            await self._reset(client)
            raise Refused(error.code) from None
        except _LOST as error:
            self._drop()
            raise Interrupted(type(error).__name__) from None

    async def close(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        if self._client is not None and self._client.is_connected:
            with suppress(*_LOST):
                await self._client.quit(timeout=2)
        self._drop()

    async def _open_transaction(self, sender: str, *, utf8: bool) -> SMTP:
        """MAIL on a living connection. A server may have closed an idle one: nothing was sent yet, so a new one may be tried at once."""
        if self._client is not None and self._client.is_connected:
            try:
                return await self._mail(self._client, sender, utf8=utf8)
            except ServerAway:
                self._drop()
        return await self._mail(await self._connect(), sender, utf8=utf8)

    async def _mail(self, client: SMTP, sender: str, *, utf8: bool) -> SMTP:
        if utf8 and not client.supports_extension("smtputf8"):
            raise Refused(_NO_SMTPUTF8)
        try:
            await client.mail(sender, options=["SMTPUTF8"] if utf8 else [])
        except SMTPResponseException as error:
            self._drop()
            raise ServerAway(f"smtp-{error.code}") from None
        except _LOST as error:
            self._drop()
            raise ServerAway(type(error).__name__) from None
        return client

    async def _connect(self) -> SMTP:
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
            await client.ehlo()
        except SMTPResponseException as error:
            client.close()
            raise ServerAway(f"smtp-{error.code}") from None
        except (*_LOST, ValueError) as error:
            client.close()
            raise ServerAway(type(error).__name__) from None
        self._client = client
        return client

    async def _reset(self, client: SMTP) -> None:
        try:
            await client.rset()
        except _LOST:
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None
