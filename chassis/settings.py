"""Configuration from the environment; the same names on a laptop, in containers and in a cluster."""

from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, Field, NatsDsn, PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.client_address import LOOPBACK, TrustedProxies
from contracts.subjects import Topology


def _networks(text: str) -> str:
    TrustedProxies(text)
    return text


class ChassisSettings(BaseSettings):
    """What every process needs. A service adds its own fields in a subclass."""

    # Whoever prints the error prints no value: URLs hold passwords, and one with an unescaped `/` or `#` in it is an error.
    model_config = SettingsConfigDict(
        env_prefix="RENCONTRES_", env_nested_delimiter="__", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[
        PostgresDsn, Field(description="PostgreSQL server; each service uses a database of its own on it")
    ] = PostgresDsn("postgresql://postgres@127.0.0.1:5432/postgres")
    nats_url: Annotated[
        NatsDsn,
        Field(
            description="NATS with JetStream; several servers of a cluster: `nats://user:password@one:4222,two:4222`"
        ),
    ] = NatsDsn("nats://127.0.0.1:4222")
    nats_prefix: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9_]{0,40}$",
            description=(
                "first word of every subject; another for a second network on the same broker, where its accounts are written for it:"
                " those of compose file and cluster are not"
            ),
        ),
    ] = "rencontres"
    public_url: Annotated[
        str, Field(pattern=r"^https?://[^\s/]+$", description="where the public reaches the site")
    ] = "http://127.0.0.1:8000"
    host: Annotated[str, Field(description="address to listen on; containers set 0.0.0.0")] = "127.0.0.1"
    trusted_proxies: Annotated[
        str,
        AfterValidator(_networks),
        Field(description="addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed"),
    ] = LOOPBACK
    probe_port: Annotated[
        int | None,
        Field(
            ge=1,
            le=65535,
            description="port of /healthz, /readyz and /metrics; without it a site or API answers them on its own port",
        ),
    ] = None
    drain_seconds: Annotated[
        float,
        Field(
            ge=0, le=60, description="how long a stopped site still takes requests, until whoever balances has noticed"
        ),
    ] = 5.0
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="least severe line that is written")
    ] = "INFO"

    def dsn(self, service: str) -> str:
        """Return the URL of a service's own database on the configured server."""
        return database_dsn(str(self.database_url), database_name(service))

    @property
    def nats(self) -> str:
        """The broker's URL as the client wants it."""
        return str(self.nats_url)

    @property
    def proxies(self) -> TrustedProxies:
        """Who may say for whom it speaks."""
        return TrustedProxies(self.trusted_proxies)

    @property
    def topology(self) -> Topology:
        """Names of streams and subjects."""
        return Topology(self.nats_prefix)


def database_name(service: str) -> str:
    """Return the name of a service's database, which is that of the role that uses it."""
    return f"rencontres_{service}"


def database_dsn(server_url: str, database: str) -> str:
    """Return `server_url` with another database name; user, port and options stay."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{database}"))
