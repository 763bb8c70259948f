"""Answers like OSV's service (https://google.github.io/osv.dev/post-v1-query/), on loopback, out of a folder of advisories.

So that pip-audit, which knows services only, works where none can be reached. The folder holds records of the OSV schema, as JSON or YAML:
OSV's `PyPI/all.zip` unpacked, or a copy of the repository pypa/advisory-database.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, TypeAdapter


class _Event(BaseModel):
    model_config = ConfigDict(extra="allow")

    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None


class _Range(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: Literal["ECOSYSTEM", "SEMVER", "GIT"]
    events: list[_Event]

    def holds(self, version: Version) -> bool:
        """Return whether a version lies in it. Events stand in the order of versions."""
        if self.type == "GIT":
            return False
        inside = False
        for event in self.events:
            if event.introduced is not None:
                inside = inside or event.introduced == "0" or version >= Version(event.introduced)
            elif event.fixed is not None:
                inside = inside and version < Version(event.fixed)
            elif event.last_affected is not None:
                inside = inside and version <= Version(event.last_affected)
        return inside


class _Package(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str
    ecosystem: str


class _Affected(BaseModel):
    model_config = ConfigDict(extra="allow")

    package: _Package
    ranges: list[_Range] = []
    versions: list[str] = []

    def holds(self, name: str, version: Version) -> bool:
        """Return whether it is about this version of this package."""
        if self.package.ecosystem != "PyPI" or canonicalize_name(self.package.name) != name:
            return False
        return any(_same(one, version) for one in self.versions) or any(one.holds(version) for one in self.ranges)


class Advisory(BaseModel):
    """One record. What is not read here is passed on as it is."""

    model_config = ConfigDict(extra="allow")

    id: str
    modified: datetime
    withdrawn: datetime | None = None
    affected: list[_Affected] = []


class Advisories:
    """A folder of records, by the names of packages."""

    def __init__(self, records: Iterable[Advisory]) -> None:
        self._of: dict[str, list[Advisory]] = {}
        self.newest = datetime.min.replace(tzinfo=UTC)
        for record in records:
            self.newest = max(self.newest, record.modified)
            for name in {canonicalize_name(one.package.name) for one in record.affected}:
                self._of.setdefault(name, []).append(record)

    def about(self, name: str, version: str) -> list[Advisory]:
        """Return what is known against a version of a package, and was not withdrawn."""
        name, at = canonicalize_name(name), Version(version)
        return [
            record
            for record in self._of.get(name, [])
            if record.withdrawn is None and any(one.holds(name, at) for one in record.affected)
        ]


def read(folder: Path) -> Advisories:
    """Read all records below a folder; raises FileNotFoundError when there is none."""
    advisories = Advisories(_records(folder))
    if advisories.newest == datetime.min.replace(tzinfo=UTC):
        raise FileNotFoundError(folder)
    return advisories


@contextmanager
def serve(advisories: Advisories) -> Iterator[str]:
    """Serve them on loopback; yields the address to ask."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = TypeAdapter(_Query).validate_json(self.rfile.read(int(self.headers["Content-Length"])))
            found = advisories.about(asked.package.name, asked.version)
            vulns = [json.loads(one.model_dump_json(exclude_none=True)) for one in found]
            body = json.dumps({"vulns": vulns} if vulns else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Nothing: pip-audit tells what it found."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


class _Query(BaseModel):
    package: _Package
    version: str


def _records(folder: Path) -> Iterator[Advisory]:
    """Files that are no record (a list of names, a workflow) have no `id`. A record that cannot be read is an error, not left out."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted({*folder.rglob("*.json"), *folder.rglob("*.yaml")}):
        text = path.read_bytes()
        record = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=loader)  # noqa: S506 - safe, and the fast one
        if isinstance(record, dict) and "id" in record:
            yield Advisory.model_validate(record)


def _same(text: str, version: Version) -> bool:
    try:
        return Version(text) == version
    except InvalidVersion:
        return False
