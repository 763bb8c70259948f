"""TLS to a real NATS server whose certificate an authority of the test's own has signed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.broker import connect, connect_briefly, event_broker
from chassis.exits import BadConfiguration
from local.nats import EmbeddedNats
from local.ports import free_port
from tests.fixtures.certificates import Certificate, certificate_for
from tests.fixtures.servers import NatsServer

_TLS = """
tls {{
  cert_file: "{0.certificate}"
  key_file: "{0.key}"
  handshake_first: true
}}
"""


class _Guarded(EmbeddedNats):
    """A server that speaks nothing but TLS."""

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        super().__init__(folder, port=free_port(), monitoring_port=free_port(), guests=True)
        self._certificate = certificate

    async def prepare(self) -> None:
        await super().prepare()
        with self._configuration.open("a") as file:
            file.write(_TLS.format(self._certificate))


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certificate_for("127.0.0.1", folder=tmp_path / "certificate")


@pytest.fixture
async def address(tmp_path: Path, certificate: Certificate) -> AsyncIterator[str]:
    server = _Guarded(tmp_path / "nats", certificate)
    await server.start()
    yield f"tls://127.0.0.1:{server.port}"
    await server.stop()


async def test_every_way_to_connect_trusts_the_authority_that_the_url_names(
    address: str, certificate: Certificate
) -> None:
    url = f"{address}?sslrootcert={certificate.authority}"
    client = await connect(url, name="test", on_closed=lambda: None)
    assert client.is_connected
    await client.close()
    brief = await connect_briefly(url, name="test", seconds=5)
    await brief.close()
    async with event_broker(url, name="test", on_closed=lambda: None) as broker:
        assert await broker.ping(timeout=5)


async def test_a_server_of_another_authority_is_not_talked_to(address: str, tmp_path: Path) -> None:
    stranger = certificate_for("127.0.0.1", folder=tmp_path / "stranger")
    with pytest.raises(Exception, match=r"(?i)certificate|no servers"):
        await connect_briefly(f"{address}?sslrootcert={stranger.authority}", name="test", seconds=5)


async def test_a_server_by_another_name_is_not_talked_to(tmp_path: Path) -> None:
    certificate = certificate_for("nats", folder=tmp_path / "certificate")
    server = _Guarded(tmp_path / "nats", certificate)
    await server.start()
    try:
        with pytest.raises(Exception, match=r"(?i)certificate|no servers"):
            await connect_briefly(
                f"tls://127.0.0.1:{server.port}?sslrootcert={certificate.authority}", name="test", seconds=5
            )
    finally:
        await server.stop()


async def test_a_server_without_tls_hears_no_password(nats_server: NatsServer, tmp_path: Path) -> None:
    certificate = certificate_for("127.0.0.1", folder=tmp_path / "certificate")
    url = nats_server.url.replace("nats://", "tls://registration-api:secret@")
    with pytest.raises(Exception, match=r"(?i)ssl|tls|no servers|wrong version"):
        await connect_briefly(f"{url}?sslrootcert={certificate.authority}", name="test", seconds=5)


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"sslrootcert of RENCONTRES_NATS_URL: .*ca\.crt cannot be read"):
        await connect(f"tls://127.0.0.1:1?sslrootcert={tmp_path}/ca.crt", name="test", on_closed=lambda: None)
