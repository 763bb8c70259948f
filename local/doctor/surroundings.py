"""What is around: interpreter, disk, clocks, collector, and the address under which the public finds the site."""

import asyncio
import ipaddress
import socket
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from local import room
from local.doctor.brokers import clock_of_broker
from local.doctor.databases import about_skew, clock_of_database
from local.doctor.findings import Finding, Level, NotLooked, error, warning, well
from local.doctor.patient import Patient

OLDEST_PYTHON = (3, 11)
TIMEOUT = 5.0


async def python(_patient: Patient) -> AsyncIterator[Finding]:
    """Python is version 3.11 or later."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield error(f"Python {version}", meaning="the services do not start", mend="install Python 3.11 or later")
    else:
        yield well(f"Python {version}")


async def clocks(patient: Patient) -> AsyncIterator[Finding]:
    """This machine, the database and the broker have the same time, within two seconds."""
    for of, look in (("the database", clock_of_database), ("the broker", clock_of_broker)):
        try:
            yield about_skew(of, await look(patient))
        except NotLooked as reason:
            yield Finding(Level.SKIPPED, f"clock of {of}: {reason}")


async def disk(patient: Patient) -> AsyncIterator[Finding]:
    """The folder of a run on this machine has room; the disks of other servers are theirs to watch."""
    if patient.data is None:
        raise NotLooked("no network runs on this machine: watch the disks of PostgreSQL and NATS where they are")
    left = room.free(patient.data)
    said = f"{left / 1024**3:.1f} GB free for {patient.data}"
    if left >= room.LITTLE:
        yield well(said)
        return
    say = error if left < room.NONE else warning
    yield say(
        said,
        meaning="once it is full PostgreSQL and NATS take nothing any more, and nobody can register",
        mend=f"make room on that disk, or start with another folder: rencontres up --data FOLDER (du -sh {patient.data}/*)",
    )


async def otlp(patient: Patient) -> AsyncIterator[Finding]:
    """The OpenTelemetry collector takes traces by OTLP/HTTP."""
    endpoint = patient.operator.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if not endpoint or patient.operator.get("OTEL_SDK_DISABLED", "").lower() == "true":
        raise NotLooked("no collector is configured (OTEL_EXPORTER_OTLP_ENDPOINT)")
    place = urlsplit(endpoint).netloc.rpartition("@")[2]
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT) as http:
            answer = await http.post(
                f"{endpoint.rstrip('/')}/v1/traces", content=b"", headers={"content-type": "application/x-protobuf"}
            )
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        said = type(failure).__name__
    else:
        if answer.is_success:
            yield well(f"{place} takes traces")
            return
        said = f"HTTP {answer.status_code}"
    yield warning(
        f"no collector takes traces at {place} ({said})",
        meaning="everything works, and nobody sees it: spans and metrics are dropped",
        mend="start a collector with an OTLP/HTTP receiver (port 4318), or set OTEL_EXPORTER_OTLP_ENDPOINT to where it is",
    )


async def public_url(patient: Patient) -> AsyncIterator[Finding]:
    """The public address of the site is https, unless it is of this machine, and can be found."""
    url = patient.shared.public_url
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_here(host):
        yield well(f"{url}: this machine only")
        return
    if parts.scheme != "https":
        yield error(
            f"the public address {url} is not https",
            meaning="names, addresses and the links of mails go over the network for everybody to read",
            mend=f"put TLS before the site and set RENCONTRES_PUBLIC_URL=https://{parts.netloc}",
        )
    try:
        await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        yield warning(
            f"the name {host} of the public address cannot be resolved here",
            meaning="links in mails lead nowhere, unless the public resolves it otherwise",
            mend=f"add {host} to the DNS, or mend RENCONTRES_PUBLIC_URL",
        )
    else:
        if parts.scheme == "https":
            yield well(url)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
