"""How a run does right now: every process asked, and the database, the broker and the mail server tried, all at once."""

import asyncio
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import asyncpg
import nats
import nats.errors

from chassis.broker_servers import servers
from contracts.permissions import inbox_prefix
from local.life import Health
from local.program import answers
from local.run_state import ProcessState, RunState

_PATIENCE = 5.0  # a busy machine is slow
_DEFAULT_PORTS = {"postgres": 5432, "postgresql": 5432, "nats": 4222, "smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One line of `rencontres status`. `health` is `ready`, or what is wrong. `pid` is `None` for what is not ours."""

    name: str
    health: str
    pid: int | None
    url: str
    restarts: int
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether it serves."""
        return self.health == Health.READY


@dataclass(frozen=True, slots=True)
class RunHealth:
    """The whole run."""

    parts: tuple[PartHealth, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether everything serves."""
        return all(part.is_ready for part in self.parts)

    def as_json(self, state: RunState) -> dict[str, object]:
        """What `rencontres status --json` prints."""
        return {
            "running": True,
            "healthy": self.is_healthy,
            "pid": state.pid,
            "started_at": state.started_at.isoformat(),
            "data": str(state.data),
            "urls": {
                "public": state.public_url,
                "notifications": state.notifications_url,
                "analytics": state.analytics_url,
                "console": state.console_url,
                "smtp": without_password(state.smtp_url),
            },
            "processes": [asdict(part) for part in self.parts],
        }


async def ask(state: RunState) -> RunHealth:
    """Ask everything, side by side."""
    servers = {"postgres", "nats"}
    ours = {process.name: process for process in state.processes}
    questions = [
        _part("postgres", ours.get("postgres"), state.database_url, database_answers(state.database_url)),
        _part("nats", ours.get("nats"), state.nats_url, broker_answers(state.nats_url)),
        _part("smtp", None, state.smtp_url, listens(state.smtp_url)),
        *(
            _part(process.name, process, process.url or "", answers(f"{process.url}/readyz", seconds=_PATIENCE))
            for process in state.processes
            if process.name not in servers
        ),
    ]
    return RunHealth(tuple(await asyncio.gather(*questions)))


async def database_answers(url: str) -> bool:
    """Whether PostgreSQL lets us in."""
    try:
        connection = await asyncpg.connect(url, timeout=_PATIENCE)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


async def broker_answers(url: str) -> bool:
    """Whether NATS lets us in and JetStream answers."""
    try:
        async with asyncio.timeout(_PATIENCE):
            connection = await nats.connect(
                servers(url), allow_reconnect=False, error_cb=_ignore, inbox_prefix=inbox_prefix(url)
            )
            try:
                await connection.jetstream().account_info()
            finally:
                await connection.close()
    except (OSError, TimeoutError, nats.errors.Error):
        return False
    return True


async def listens(url: str) -> bool:
    """Whether somebody listens at host and port of a URL."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme])
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


async def _part(name: str, process: ProcessState | None, url: str, question: Awaitable[bool]) -> PartHealth:
    answered = await question
    health = Health.READY.value if answered else _trouble(process)
    return PartHealth(
        name=name,
        health=health,
        pid=process.pid if process else None,
        url=without_password(url),
        restarts=process.restarts if process else 0,
        reason=process.reason if process else "",
    )


def _trouble(process: ProcessState | None) -> str:
    if process is None or process.health is Health.READY:
        return "does not answer"
    return process.health.value


async def _ignore(_: Exception) -> None:
    """The client would print it; the answer is no."""
