"""What a run is made of: ports and data folder by option, outer parts by the same environment the services read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.ports import LOOPBACK
from local.processes import Ports
from local.run_state import DEFAULT_DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A URL that is set replaces the embedded part of that name."""

    data: Path = DEFAULT_DATA
    ports: Ports = field(default_factory=Ports)
    database_url: str | None = None
    nats_url: str | None = None
    smtp_url: str | None = None
    otlp_endpoint: str | None = None
    public_url: str | None = None
    drain_seconds: float = 0.0
    """As RENCONTRES_DRAIN_SECONDS; by default nobody balances before one machine, and `down` need not wait."""

    @classmethod
    def from_environment(
        cls, *, data: Path, port_base: int, environment: Mapping[str, str] = os.environ
    ) -> "Configuration":
        """An empty variable counts as unset."""
        return cls(
            data=data.absolute(),
            ports=Ports(port_base),
            database_url=environment.get("RENCONTRES_DATABASE_URL") or None,
            nats_url=environment.get("RENCONTRES_NATS_URL") or None,
            smtp_url=environment.get("RENCONTRES_SMTP_URL") or None,
            otlp_endpoint=environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None,
            public_url=environment.get("RENCONTRES_PUBLIC_URL") or None,
            drain_seconds=float(environment.get("RENCONTRES_DRAIN_SECONDS") or 0),
        )

    @property
    def external(self) -> tuple[str, ...]:
        """Names of the parts that are not ours."""
        parts = {
            "postgres": self.database_url,
            "nats": self.nats_url,
            "smtp": self.smtp_url,
            "otlp": self.otlp_endpoint,
        }
        return tuple(name for name, url in parts.items() if url)

    def local_url(self, port: int) -> str:
        """URL of one of the run's own ports."""
        return f"http://{LOOPBACK}:{port}"

    def log(self, name: str) -> Path:
        """Log of one process."""
        return self.data / "log" / f"{name}.log"
