"""Reads requirements/*.txt, the lock: pins with their hashes and markers. What is no such pin is told, not passed over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = ROOT / "requirements"

_HASH = re.compile(r"--hash=(?P<hash>\S+)")
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")

IMAGE_ENVIRONMENT: Mapping[str, str] = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.13.0",
    "python_version": "3.13",
    "sys_platform": "linux",
}
"""Where images run, whatever machine asks: see deploy/images/Dockerfile."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One package at one version. `hashes` are SHA-256 in hexadecimal, of every file that may be installed."""

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: Marker | None = None

    def is_for_images(self) -> bool:
        """Return whether an image installs it."""
        return self.marker is None or self.marker.evaluate(dict(IMAGE_ENVIRONMENT))

    def is_same(self, other: "Pin") -> bool:
        """Return whether both install the same files."""
        return (self.name, self.version, self.hashes) == (other.name, other.version, other.hashes)

    @property
    def purl(self) -> str:
        """Its name everywhere (https://github.com/package-url/purl-spec)."""
        return f"pkg:pypi/{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Lock:
    """One file: its pins, and what in it is no pin with hashes."""

    name: str
    pins: tuple[Pin, ...]
    faults: tuple[str, ...]

    def named(self, name: str) -> list[Pin]:
        """Return the pins of a package: several where versions differ by marker."""
        return [pin for pin in self.pins if pin.name == canonicalize_name(name)]


def read(path: Path) -> Lock:
    """Read a file."""
    pins: list[Pin] = []
    faults: list[str] = []
    for number, line in _logical_lines(path.read_text(encoding="utf-8")):
        pin = _pin(line)
        if isinstance(pin, str):
            faults.append(f"{path.name}:{number}: {pin}")
        elif any(other.name == pin.name and None in {other.marker, pin.marker} for other in pins):
            faults.append(f"{path.name}:{number}: {pin.name} stands twice")
        else:
            pins.append(pin)
    return Lock(path.stem, tuple(pins), tuple(faults))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    start, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("#") or not (stripped or parts):
            continue
        start = start if parts else number
        parts.append(stripped.removesuffix("\\").strip())
        if not stripped.endswith("\\"):
            yield start, " ".join(parts)
            parts = []


def _pin(line: str) -> Pin | str:
    if line.startswith("-"):
        return f"an option, where only pins belong: {re.split('[ =]', line)[0]}"
    hashes = [str(match["hash"]) for match in _HASH.finditer(line)]
    try:
        requirement = Requirement(_HASH.sub("", line).strip())
    except InvalidRequirement:
        return f"no requirement: {line[:60]}"
    if requirement.url:
        return f"{requirement.name} is taken from an address of its own"
    exact = [one.version for one in requirement.specifier if one.operator == "==" and not one.version.endswith("*")]
    if len(exact) != 1 or len(requirement.specifier) != 1:
        return f"{requirement.name} is not pinned to one version"
    if not hashes:
        return f"{requirement.name} has no hash"
    if weak := [one for one in hashes if not _SHA256.fullmatch(one)]:
        return f"{requirement.name} has a hash that is no SHA-256: {weak[0][:24]}"
    digests = tuple(sorted(one.removeprefix("sha256:") for one in hashes))
    return Pin(canonicalize_name(requirement.name), str(Version(exact[0])), digests, requirement.marker)
