"""`python -m local.console` as the supervisor runs it: on the loopback address only, and gone when asked."""

import asyncio
import signal
import sys

import aiosmtplib
import httpx

from local.ports import free_port
from tests.fixtures import recorded_mails


async def test_the_process_takes_mails_serves_pages_and_ends_when_told() -> None:
    port, smtp_port = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.console", "--port", str(port), "--smtp-port", str(smtp_port),
        "--state", "does/not/exist.json", stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", transport=httpx.AsyncHTTPTransport(retries=0)
        ) as http:
            await _ready(http)
            await aiosmtplib.send(recorded_mails.plain("ada@example.org"), hostname="127.0.0.1", port=smtp_port)
            assert (await http.get("/api/mailbox")).json()["total"] == 1
            assert "ada@example.org" in (await http.get("/mailbox?to=ada")).text
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode in (0, -signal.SIGTERM)
    assert errors == b"", "an address that was searched for must not reach the log"


async def _ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                if (await http.get("/readyz")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)  # another process has no event to give
