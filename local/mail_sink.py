"""An SMTP server that delivers nothing: it keeps the last mails in memory for the mailbox page and for tests, and counts all.

It can refuse, as a mail server in trouble does, and counts arrivals by Message-ID, which is how a second mail shows.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from enum import Enum
from functools import cached_property

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.ports import LOOPBACK

# At INFO aiosmtpd writes every address into the log.
logging.getLogger("mail.log").setLevel(logging.WARNING)

KEPT_MAILS = 5_000
KEPT_MESSAGE_IDS = 200_000


class Refusal(Enum):
    """How the sink says no: both are temporary, so that an honest sender tries again."""

    SENDER = "451 4.3.0 the sink refuses mail for now"
    CONNECTION = "421 4.3.2 the sink refuses connections for now"


@dataclass(frozen=True)
class Mail:
    """One accepted mail; a mail to several recipients is one."""

    id: int
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    message_id: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        parsed = message_from_bytes(self.raw, policy=default)
        assert isinstance(parsed, EmailMessage)  # noqa: S101 - what the default policy makes; the stub does not know
        return parsed

    @property
    def subject(self) -> str:
        """Decoded; empty when there is none."""
        return str(self.message["Subject"] or "")

    def text(self, subtype: str = "plain") -> str:
        """The text part (`plain` or `html`), empty when there is none."""
        part = self.message.get_body(preferencelist=(subtype,))
        return "" if part is None else str(part.get_content())


class MailSink:
    """An SMTP server in the caller's event loop. Stopped and started again it keeps its mails."""

    def __init__(self, host: str = LOOPBACK, port: int = 0, *, kept: int = KEPT_MAILS) -> None:
        self.host = host
        self.port = port
        self.refusing: Refusal | None = None
        self.received = 0
        self.refused = 0
        self._mails: deque[Mail] = deque(maxlen=kept)
        self._arrivals: OrderedDict[str, int] = OrderedDict()
        self._waiting: dict[asyncio.Future[Mail | None], Callable[[Mail], bool]] = {}
        self._open: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; with port 0, `port` is the free one afterwards."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut the open connections."""
        if self._server is not None:
            self._server.close()
            for connection in list(self._open):
                connection.cut()
            await self._server.wait_closed()
            self._server = None

    @property
    def url(self) -> str:
        """What `RENCONTRES_SMTP_URL` is set to."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def mails(self) -> list[Mail]:
        """The kept mails, oldest first."""
        return list(self._mails)

    def mails_to(self, address: str) -> list[Mail]:
        """The kept mails of one recipient, oldest first."""
        return [mail for mail in self._mails if _is_to(mail, address)]

    def mail(self, mail_id: int) -> Mail | None:
        """One kept mail."""
        return next((mail for mail in self._mails if mail.id == mail_id), None)

    def times_received(self, message_id: str) -> int:
        """How often a mail of this Message-ID has arrived."""
        return self._arrivals.get(message_id, 0)

    def duplicates(self) -> dict[str, int]:
        """Message-IDs that arrived more than once, with how often."""
        return {message_id: times for message_id, times in self._arrivals.items() if times > 1}

    def forget(self, address: str) -> int:
        """Drop the kept mails to one recipient; returns how many."""
        kept = [mail for mail in self._mails if not _is_to(mail, address)]
        dropped = len(self._mails) - len(kept)
        self._mails = deque(kept, maxlen=self._mails.maxlen)
        return dropped

    def clear(self) -> None:
        """Drop every mail and every count."""
        self._mails.clear()
        self._arrivals.clear()
        self.received = self.refused = 0

    async def wait_for(self, wanted: Callable[[Mail], bool], *, seconds: float = 10.0) -> Mail:
        """The first mail that is wanted, among the kept ones or those to come. Raises `TimeoutError`."""
        kept = next((mail for mail in self._mails if wanted(mail)), None)
        found = kept or await self._next(wanted, seconds)
        assert found is not None  # noqa: S101 - only wait_for_count is woken without a mail
        return found

    async def wait_for_count(self, count: int, *, seconds: float = 10.0) -> None:
        """Return once `count` mails have been received in all. Raises `TimeoutError`."""
        if self.received < count:
            await self._next(lambda _: self.received >= count, seconds)

    def accept(self, *, sender: str, recipients: list[str], raw: bytes) -> Mail:
        """Keep one mail and wake whoever waits for it."""
        self.received += 1
        mail = Mail(
            id=self.received,
            sender=sender,
            recipients=tuple(recipients),
            received_at=datetime.now(UTC),
            message_id=str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip(),
            raw=raw,
        )
        self._mails.append(mail)
        self._count(mail.message_id)
        for waiting, wanted in self._waiting.items():
            if not waiting.done() and wanted(mail):
                waiting.set_result(mail)
        return mail

    def _connection(self) -> "_Connection | _Refused":
        if self.refusing is Refusal.CONNECTION:
            self.refused += 1
            return _Refused()
        return _Connection(self, self._open)

    def _count(self, message_id: str) -> None:
        if message_id:
            self._arrivals[message_id] = self._arrivals.get(message_id, 0) + 1
            if len(self._arrivals) > KEPT_MESSAGE_IDS:
                self._arrivals.popitem(last=False)

    async def _next(self, wanted: Callable[[Mail], bool], seconds: float) -> Mail | None:
        waiting: asyncio.Future[Mail | None] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = wanted
        try:
            return await asyncio.wait_for(waiting, seconds)
        finally:
            del self._waiting[waiting]


class _Connection(SMTP):
    """One client. It lives in the sink's set so that `stop` can cut it."""

    def __init__(self, sink: MailSink, open_connections: "set[_Connection]") -> None:
        loop = asyncio.get_running_loop()
        super().__init__(_Handler(sink), loop=loop, hostname="sink.invalid", enable_SMTPUTF8=True, ident="mail sink")
        self._open = open_connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Close without a word, as a crash does."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class _Refused(asyncio.Protocol):
    """A client that is turned away at the door."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(f"{Refusal.CONNECTION.value}\r\n".encode())
            transport.close()


class _Handler:
    """aiosmtpd calls these by name."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer PIPELINING, as mail servers do: aiosmtpd reads commands line by line, however they arrive."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._sink.refusing is not None:
            self._sink.refused += 1
            return self._sink.refusing.value
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self._sink.accept(
            sender=envelope.mail_from or "", recipients=envelope.rcpt_tos, raw=envelope.original_content or b""
        )
        return "250 OK"


def _is_to(mail: Mail, address: str) -> bool:
    return any(recipient.casefold() == address.casefold() for recipient in mail.recipients)
