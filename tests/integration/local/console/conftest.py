"""A console in the test's own loop, on free ports, with a client that speaks to it by HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosmtplib
import httpx
import pytest
from starlette.applications import Starlette

from chassis.serving import Server
from local.console.app import create_app
from local.console.traces import TraceStore
from local.mail_sink import MailSink
from tests.fixtures import recorded_mails


@dataclass(frozen=True)
class Console:
    """A running console."""

    url: str
    http: httpx.AsyncClient
    sink: MailSink
    traces: TraceStore
    state: Path

    async def mail(self, to: str, reference: str = "R-7K4QX-9M2TC") -> int:
        """Send the console a mail by SMTP; returns its id."""
        message = recorded_mails.confirmation(to, reference)
        await aiosmtplib.send(message, hostname=self.sink.host, port=self.sink.port)
        return self.sink.received


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    sink, traces, state = MailSink(), TraceStore(), tmp_path / "run.json"
    async with (
        serving(create_app(sink=sink, traces=traces, state=state)) as url,
        httpx.AsyncClient(base_url=url) as http,
    ):
        yield Console(url, http, sink, traces, state)


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free port; yields its address."""
    server = Server(app, host="127.0.0.1", port=0, grace=1)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()
