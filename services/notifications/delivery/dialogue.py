"""Commands and replies on an SMTP connection that stands: several commands in one packet where the server allows it (RFC 2920).

`aiosmtplib` connects, encrypts and logs in; it sends one command at a time and waits for each reply. A mail then takes four round trips
instead of two, and every one of them wakes both event loops.
"""

import asyncio

_LONGEST_REPLY = 64 * 1024


class ConnectionLost(ConnectionError):
    """The server closed the connection, or said what no SMTP server says."""


class Dialogue(asyncio.Protocol):
    """Takes over the transport of a connection on which EHLO has been answered."""

    def __init__(self, transport: asyncio.Transport, *, timeout: float) -> None:
        self._transport, self._timeout = transport, timeout
        self._unread = b""
        self._codes: list[int] = []
        self._expected = 0
        self._answered: asyncio.Future[list[int]] | None = None
        self._lost = False
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether, as far as is known, the server still listens."""
        return not self._lost and not self._transport.is_closing()

    async def ask(self, *commands: bytes) -> list[int]:
        """Send commands (or a mail's content) at once and return the code of each reply. Raises ConnectionLost or TimeoutError."""
        if not self.is_open:
            raise ConnectionLost
        self._codes, self._expected = [], len(commands)
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(b"".join(commands))
        try:
            async with asyncio.timeout(self._timeout):
                return await self._answered
        finally:
            self._answered = None

    def close(self) -> None:
        """Close without a word."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Collect codes; of a reply on several lines the last line counts."""
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            if not line[:3].isdigit() or len(line) > _LONGEST_REPLY:
                self._end()
                return
            if line[3:4] != b"-":
                self._codes.append(int(line[:3]))
        if self._answered is not None and not self._answered.done() and len(self._codes) >= self._expected:
            self._answered.set_result(self._codes)

    def eof_received(self) -> None:
        """The server has nothing more to say."""
        self._end()

    def connection_lost(self, _error: Exception | None) -> None:
        """Nor can it be spoken to."""
        self._end()

    def _end(self) -> None:
        self._lost = True
        self._transport.close()
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionLost())
