"""Alertmanager itself, as one server configures it: what rings in Prometheus becomes a mail to who is told, and its end another."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic_core import Url

from deploy.alertmanager.configure import configuration
from local.mail_sink import MailSink
from local.ports import LOOPBACK, free_port
from services.notifications.settings import NotificationSettings
from tests.fixtures.composition import composition, defaults
from tests.unit.deploy.observability import amtool

TOLD = "duty@rencontres.example"
_TOOL = amtool()


def _command() -> tuple[str, ...]:
    """The server beside amtool. Debian's reads texts of its own from /usr/share, even unpacked: it sees them there, and nobody else does."""
    server = Path(_TOOL or "/nowhere/amtool").with_name("prometheus-alertmanager")
    share = server.parents[1] / "share"
    if not server.is_file() or share == Path("/usr/share"):
        return (str(server),) if server.is_file() else ()
    overlay = f'mount -t overlay overlay -o lowerdir={share}:/usr/share /usr/share && exec "$0" "$@"'
    aside = ("unshare", "--mount", "--map-root-user", "sh", "-c", overlay)
    able = (
        shutil.which("unshare") and subprocess.run([*aside, "true"], capture_output=True, check=False).returncode == 0
    )
    return (*aside, str(server)) if able else ()


COMMAND = _command()
pytestmark = pytest.mark.skipif(
    not COMMAND, reason="no Alertmanager: scripts/find-debian-tool fetches one (make test), or no mount of one's own"
)


async def test_what_rings_becomes_a_mail_and_its_end_another(mail_sink: MailSink, tmp_path: Path) -> None:
    async with _alertmanager(mail_sink, tmp_path) as alertmanager:
        began = datetime.now(UTC)
        await _ring(alertmanager, "ProcessAway", "page", process="registration-api", startsAt=began)
        await _ring(alertmanager, "ProcessAway", "page", process="registration-relay", startsAt=began)

        mail = await mail_sink.wait_for(lambda mail: mail.text().count("what to do") == 2)
        assert mail.recipients == (TOLD,)
        assert mail.subject == "[page] ProcessAway"
        assert "No registration-api answers" in mail.text()
        assert "what to do: https://runbooks.example/ProcessAway.md" in mail.text()
        assert str(mail.message["From"]) == "rencontres@rencontres.example"
        assert not mail.text("html")

        for process in ("registration-api", "registration-relay"):
            await _ring(alertmanager, "ProcessAway", "page", process=process, startsAt=began, endsAt=datetime.now(UTC))
        over = await mail_sink.wait_for(lambda mail: mail.subject == "[over] ProcessAway", seconds=30)
        assert "Over: No registration-api answers" in over.text()


async def test_who_is_woken_for_a_budget_reads_no_ticket_about_the_same_one(
    mail_sink: MailSink, tmp_path: Path
) -> None:
    async with _alertmanager(mail_sink, tmp_path) as alertmanager:
        await _ring(alertmanager, "BudgetBurnsFast", "page", slo="mails")
        await mail_sink.wait_for(lambda mail: mail.subject == "[page] BudgetBurnsFast")
        await _ring(alertmanager, "BudgetBurnsSlowly", "ticket", slo="mails")
        await _ring(alertmanager, "BudgetBurnsSlowly", "ticket", slo="requests")

        ticket = await mail_sink.wait_for(lambda mail: mail.subject == "[ticket] BudgetBurnsSlowly")
        assert "requests" in ticket.text()
        assert "No mails" not in ticket.text()


@asynccontextmanager
async def _alertmanager(mail_sink: MailSink, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The server of Debian's package with the arguments of compose.yaml; it waits a second where people are spared thirty."""
    settings = NotificationSettings(smtp_url=Url(mail_sink.url), public_url="https://rencontres.example")
    text = configuration(settings, told=TOLD).replace("group_wait: 30s", "group_wait: 1s")
    (folder / "alertmanager.yaml").write_text(text.replace("group_interval: 5m", "group_interval: 1s"))
    port = free_port()
    places = {
        "--config.file": f"--config.file={folder / 'alertmanager.yaml'}",
        "--storage.path": f"--storage.path={folder / 'data'}",
    }
    arguments = [
        places.get(argument.partition("=")[0], defaults(argument))
        for argument in composition().services["alertmanager"].command
    ]
    with (folder / "log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(
            *COMMAND, *arguments, f"--web.listen-address={LOOPBACK}:{port}", stderr=log
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", trust_env=False) as client:
            await _ready(client, server)
            yield client
    finally:
        if server.returncode is None:
            server.terminate()
        await server.wait()


async def _ready(client: httpx.AsyncClient, server: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(30):
        while server.returncode is None:
            try:
                if (await client.get("/-/ready")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    pytest.fail("Alertmanager ended at its start")


async def _ring(client: httpx.AsyncClient, name: str, severity: str, **said: str | datetime) -> None:
    """As Prometheus does: labels, annotations, and until when it rings if nobody says so again."""
    times = {key: value.isoformat() for key, value in said.items() if isinstance(value, datetime)}
    labels = {key: value for key, value in said.items() if isinstance(value, str)}
    alert = {
        "labels": {"alertname": name, "severity": severity, **labels},
        "annotations": {
            "summary": f"No {next(iter(labels.values()))} answers",
            "runbook_url": f"https://runbooks.example/{name}.md",
        },
        "endsAt": (datetime.now(UTC) + timedelta(minutes=4)).isoformat(),
        **times,
    }
    (await client.post("/api/v2/alerts", json=[alert])).raise_for_status()
