"""Which versions of the notice there are, since when each holds, and the fingerprint that makes a silent change impossible."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

LANGUAGES = ("fr", "en")


class UnknownVersion(LookupError):
    """Raised for a version that was never published. The page answers as for any address that leads nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One published state of the notice."""

    name: str
    valid_from: date
    fingerprint: str


def folder() -> Traversable:
    """Return where the texts are."""
    return files("services.registration").joinpath("notices")


@cache
def versions() -> Mapping[str, Version]:
    """Return all versions by name, oldest first."""
    rows = json.loads(folder().joinpath("versions.json").read_bytes())
    found = [
        Version(name=r["version"], valid_from=date.fromisoformat(r["valid_from"]), fingerprint=r["sha256"])
        for r in rows
    ]
    return MappingProxyType({version.name: version for version in sorted(found, key=lambda v: v.valid_from)})


def current_version(on: date | None = None) -> str:
    """Return the version that holds on a day; the newest when no day is given."""
    found = [v.name for v in versions().values() if on is None or v.valid_from <= on]
    return found[-1] if found else next(iter(versions()))


def known(name: str | None) -> Version:
    """Return a version by name, the newest without one. Raises UnknownVersion."""
    try:
        return versions()[name or current_version()]
    except KeyError:
        raise UnknownVersion from None


def fingerprint(name: str) -> str:
    """Return the hash over the texts of one version, in all languages."""
    texts = (folder().joinpath(name, f"{language}.toml").read_bytes() for language in LANGUAGES)
    return sha256(b"\0".join(texts)).hexdigest()
