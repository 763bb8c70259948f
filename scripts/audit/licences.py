"""Under which licence is what we take from others, and do we take such? Read from what each installed package says of itself.

Asks nobody: `make check` runs it, too.
"""

import importlib.metadata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name
from pydantic import BaseModel, ConfigDict

from scripts.audit.lock import read_node
from scripts.audit.report import Result, judge
from scripts.audit.requirements import REQUIREMENTS, ROOT, Lock, read

CHECK = "licences"
POLICY = Path(__file__).parent / "licences.yaml"
TO_DO = "replace it, or argue it in scripts/audit/licences.yaml"
IMAGES = ("registration", "notifications", "analytics", "operations")
NODE_LOCK = ROOT / "tests" / "browser" / "package-lock.json"

# Only those that name one licence: "BSD License" is three.
_CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: The Unlicense (Unlicense)": "Unlicense",
}
_SILENT = {"License :: OSI Approved", "License :: DFSG approved"}


class _Exception(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    licence: str
    reason: str


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid")

    licence: str
    source: str


class Besides(BaseModel):
    """Something that is no package of the lock."""

    model_config = ConfigDict(extra="forbid")

    name: str
    licence: str
    where: str
    of: str
    reason: str = ""


class Policy(BaseModel):
    """licences.yaml."""

    model_config = ConfigDict(extra="forbid")

    allowed: frozenset[str]
    allowed_in_development: frozenset[str]
    exceptions: list[_Exception]
    stated: dict[str, _Stated]
    besides: list[Besides]

    def takes(self, expression: str, *, shipped: bool) -> bool:
        """Return whether we may: one side of an OR, both sides of an AND."""
        allowed = self.allowed if shipped else self.allowed | self.allowed_in_development
        return _holds(expression, allowed)

    def argues(self, name: str, expression: str) -> bool:
        """Return whether an exception is made for just that."""
        return any((one.name, one.licence) == (name, expression) for one in self.exceptions)


def policy() -> Policy:
    """Read ours."""
    return Policy.model_validate(yaml.safe_load(POLICY.read_text(encoding="utf-8")))


def check() -> Result:
    """Return what we may not take, or do not know."""
    ours = policy()
    images, dev = {name: read(REQUIREMENTS / f"{name}.txt") for name in IMAGES}, read(REQUIREMENTS / "dev.txt")
    known = {pin.name: licence_of(pin.name, ours) for pin in dev.pins}
    shipped = {pin.name for lock in images.values() for pin in lock.pins}
    findings = [*refusals(known, ours, shipped=shipped), *_unneeded(known, ours, dev)]
    well = f"{len(shipped)} packages in images, {len(known)} in development, {len(ours.besides)} besides"
    return judge(CHECK, findings, well=well, to_do=TO_DO)


def refusals(known: Mapping[str, str], ours: Policy, *, shipped: set[str]) -> Iterator[str]:
    """Say of each package under an unknown licence, or under one we do not take, that it is so."""
    for name, licence in sorted(known.items()):
        if not licence:
            yield f"{name} does not say clearly under which licence it is"
        elif not (ours.takes(licence, shipped=name in shipped) or ours.argues(name, licence)):
            yield f"{name} is under {licence}" + (", and in an image" if name in shipped else "")
    for one in ours.besides:
        if not (one.reason or ours.takes(one.licence, shipped=True)):
            yield f"{one.name} ({one.where}) is under {one.licence}"
    for name, package in read_node(NODE_LOCK).packages.items():
        if name and not ours.takes(package.license, shipped=False):
            yield f"{name} is under {package.license or 'no licence'}"


def licence_of(name: str, ours: Policy) -> str:
    """Return the licence of a package: its own word where that is clear, else ours; empty when nobody says."""
    return own_word(_metadata(name)) or (ours.stated[name].licence if name in ours.stated else "")


def own_word(metadata: importlib.metadata.PackageMetadata | None) -> str:
    """Return what metadata says in one way only: as an expression, in the old field, or by a classifier."""
    if metadata is None:
        return ""
    for field in ("License-Expression", "License"):
        if field in metadata and (expression := _canonical(metadata[field])):
            return expression
    classifiers = {one for one in metadata.get_all("Classifier", []) if one.startswith("License ::")} - _SILENT
    return _CLASSIFIERS.get(classifiers.pop(), "") if len(classifiers) == 1 else ""


def _canonical(text: str) -> str:
    try:
        return canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return ""


@cache
def _installed() -> dict[str, importlib.metadata.Distribution]:
    return {canonicalize_name(one.metadata["Name"]): one for one in importlib.metadata.distributions()}


def _metadata(name: str) -> importlib.metadata.PackageMetadata | None:
    return _installed()[name].metadata if name in _installed() else None


def _unneeded(known: Mapping[str, str], ours: Policy, dev: Lock) -> Iterator[str]:
    everywhere = {pin.name for pin in dev.pins if pin.marker is None}
    for name in ours.stated:
        if name not in known:
            yield f"{POLICY.name} states the licence of {name}, which is not in the lock"
        elif name in everywhere and own_word(_metadata(name)):
            yield f"{POLICY.name} states the licence of {name}, which says it itself"
    for one in ours.exceptions:
        if known.get(one.name) != one.licence:
            yield f"{POLICY.name} argues {one.licence} for {one.name}, which is under {known.get(one.name, 'nothing: it is gone')}"


def _holds(expression: str, allowed: frozenset[str]) -> bool:
    """AND binds before OR (SPDX, annex D); a licence WITH an exception is allowed by that whole name."""
    tokens = expression.replace("(", " ( ").replace(")", " ) ").split()
    held, rest = _either(tokens, allowed)
    return held and not rest


def _either(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    held, rest = _both(tokens, allowed)
    while rest[:1] == ["OR"]:
        other, rest = _both(rest[1:], allowed)
        held = held or other
    return held, rest


def _both(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    held, rest = _one(tokens, allowed)
    while rest[:1] == ["AND"]:
        other, rest = _one(rest[1:], allowed)
        held = held and other
    return held, rest


def _one(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    if tokens[:1] == ["("]:
        held, rest = _either(tokens[1:], allowed)
        return held, rest[1:]
    if tokens[1:2] == ["WITH"]:
        return " ".join(tokens[:3]) in allowed, tokens[3:]
    return bool(tokens) and tokens[0] in allowed, tokens[1:]
