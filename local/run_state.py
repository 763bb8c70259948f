"""What runs now, in `var/run.json`: the supervisor writes it at every change, commands and the console read it.

It holds every password of the run, so it is readable by its owner only. A held lock beside it, not the file, says that a run is alive.
"""

import fcntl
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from local.failure import Failure
from local.life import Health
from local.passwords import write_secret
from local.processes import Actor

DEFAULT_DATA = Path("var")


class NotRunningError(Failure):
    """No network runs with this data folder; `rencontres up` starts one."""


class AlreadyRunningError(Failure):
    """A network runs with this data folder already; the message says where."""


class ProcessState(BaseModel):
    """One process of the run. `reason` says why it is not started again. `port` is that of its probes; a server of somebody else's make has none."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int | None
    health: Health
    restarts: int = 0
    reason: str = ""
    port: int | None = None
    url: str | None = None


class RunState(BaseModel):
    """A run: where its parts are and how its processes do. External parts are those the user's environment names."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started_at: datetime
    data: Path
    public_url: str
    notifications_url: str
    analytics_url: str
    console_url: str
    database_url: str
    """As the administrator, or the one that the user's environment names."""
    nats_url: str
    """As the operator, or the one that the user's environment names."""
    database_urls: dict[str, str] = {}
    """As each role; empty when the user's environment names one for all."""
    nats_urls: dict[str, str] = {}
    """As each user; empty when the user's environment names one for all."""
    smtp_url: str
    otlp_endpoint: str
    external: tuple[str, ...] = ()
    processes: tuple[ProcessState, ...] = ()
    stops_within: float = 60.0
    """Seconds that all of it takes to stop at most."""

    def environment(self, actor: Actor) -> dict[str, str]:
        """Settings with which a command or a child reaches the parts of this run, each with its own credentials and no others."""
        return {
            **_url("RENCONTRES_DATABASE_URL", self.database_url, self.database_urls, actor.database),
            **_url("RENCONTRES_NATS_URL", self.nats_url, self.nats_urls, actor.broker),
            "RENCONTRES_SMTP_URL": self.smtp_url,
            "RENCONTRES_PUBLIC_URL": self.public_url,
            "RENCONTRES_STATISTICS_URL": f"{self.analytics_url}/statistiques",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.otlp_endpoint,
        }

    def save(self) -> None:
        """Replace the file at once: a reader sees the old state or the new one."""
        write_secret(state_file(self.data), self.model_dump_json(indent=2))


def state_file(data: Path) -> Path:
    """Where the state of a run is kept."""
    return data / "run.json"


def admin_token_file(data: Path) -> Path:
    """Where `up` keeps the token of the organiser API."""
    return data / "admin-token"


def load(data: Path = DEFAULT_DATA) -> RunState:
    """The state of the run that is alive. Raises `NotRunningError`."""
    try:
        state = RunState.model_validate_json(state_file(data).read_text())
    except (FileNotFoundError, ValidationError) as error:
        raise NotRunningError(f"nothing runs with its data in {data}: start it with rencontres up") from error
    if not RunLock.is_held(data):
        raise NotRunningError(f"what ran with its data in {data} was not stopped cleanly and is gone: rencontres up")
    return state


def enter(data: Path, actor: Actor) -> dict[str, str]:
    """Return the environment of a command: what the user has set, and for the rest the run's settings.

    Without a run that is the environment as it is, as in a cluster.
    """
    try:
        return {**load(data).environment(actor), **os.environ}
    except NotRunningError:
        return dict(os.environ)


class RunLock:
    """Held as long as a run lives; the kernel lets go of it however the holder ends."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> Self:
        """Raises `AlreadyRunningError`."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._file = _lock_file(self._data).open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise AlreadyRunningError(_who_runs(self._data)) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @classmethod
    def require_free(cls, data: Path) -> None:
        """Raise `AlreadyRunningError` when a run lives."""
        if cls.is_held(data):
            raise AlreadyRunningError(_who_runs(data))

    @staticmethod
    def is_held(data: Path) -> bool:
        """Whether a run lives."""
        try:
            with _lock_file(data).open("a") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False


def _url(variable: str, one_for_all: str, own: Mapping[str, str], name: str) -> dict[str, str]:
    """Who has no business with a server is not told where it is."""
    if not own:
        return {variable: one_for_all}
    return {variable: own[name]} if name else {}


def _lock_file(data: Path) -> Path:
    return data / "run.lock"


def _who_runs(data: Path) -> str:
    try:
        state = load(data)
    except NotRunningError:
        return f"a network with its data in {data} is starting or stopping right now"
    return f"already running since {state.started_at:%H:%M:%S UTC}: {state.public_url} (rencontres status, rencontres down)"
