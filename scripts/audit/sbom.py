"""The bill of materials of each image, in CycloneDX 1.6: what the lock pins with its hashes, what needs what, and each licence.

Written from the lock and the metadata of what is installed, without asking anybody. The same commit gives the same bill. The packages of
the base image are not in it, and it says so.
"""

import importlib.metadata
import json
import subprocess
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.audit.licences import IMAGES, Policy, licence_of, policy
from scripts.audit.lock import asked
from scripts.audit.report import Outcome, Result, judge
from scripts.audit.requirements import IMAGE_ENVIRONMENT, REQUIREMENTS, ROOT, Pin, read

CHECK = "bills of materials"
FOLDER = ROOT / "var" / "sbom"
VALIDATOR = ROOT / ".tools" / "audit" / "bin" / "python"
TO_DO = "make lock, if it is not what pyproject.toml asks; else mend scripts/audit/sbom.py"

Json: TypeAlias = "str | int | Sequence[Json] | Mapping[str, Json]"


def check() -> Result:
    """Write the bills, hold each against its schema, and say what an image would install without anything asking for it."""
    findings, paths = list[str](), list[Path]()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for image in IMAGES:
        text, unasked = bill(image)
        paths.append(FOLDER / f"{image}.cdx.json")
        paths[-1].write_text(text, encoding="utf-8")
        findings += [f"{image}.txt: nothing asks for {name}" for name in unasked]
    if VALIDATOR.exists():
        findings += faults(*paths)
    result = judge(CHECK, findings, well=f"{len(IMAGES)} in var/sbom, valid CycloneDX 1.6", to_do=TO_DO)
    if result.outcome is Outcome.OK and not VALIDATOR.exists():
        return Result(
            CHECK, Outcome.SKIPPED, "written to var/sbom, not held against their schema", "scripts/audit-tools"
        )
    return result


def bill(image: str) -> tuple[str, list[str]]:
    """Return the bill of an image as JSON, and the packages in its lock that nothing asks for."""
    pins = {pin.name: pin for pin in read(REQUIREMENTS / f"{image}.txt").pins if pin.is_for_images()}
    direct = [one for one in asked()[image] if _applies(one, set())]
    needs = _needs(direct, pins)
    version = importlib.metadata.version("rencontres")
    itself = f"pkg:generic/rencontres-{image}@{version}"
    ours = policy()
    document: dict[str, Json] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": _committed_at(),
            "component": {
                "type": "application",
                "bom-ref": itself,
                "name": f"rencontres-{image}",
                "version": version,
                "purl": itself,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [_component(pin, ours) for _, pin in sorted(pins.items())],
        "dependencies": [
            {"ref": itself, "dependsOn": _refs({canonicalize_name(one.name) for one in direct}, pins)},
            *[{"ref": pins[name].purl, "dependsOn": _refs(of, pins)} for name, of in sorted(needs.items())],
        ],
        # What the base image brings (Python, Debian) is for a scanner of images to say.
        "compositions": [{"aggregate": "incomplete", "assemblies": [itself]}],
    }
    document["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True)).urn
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n", sorted(set(pins) - set(needs))


def _component(pin: Pin, ours: Policy) -> Json:
    licence = licence_of(pin.name, ours)
    return {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        "licenses": [{"expression": licence}] if licence else [],
        # Any one of these files may be installed, depending on the machine; none other may.
        "externalReferences": [
            {
                "type": "distribution",
                "url": pin.purl,
                "hashes": [{"alg": "SHA-256", "content": one} for one in pin.hashes],
            }
        ],
    }


def _refs(names: Iterable[str], pins: Mapping[str, Pin]) -> list[Json]:
    return [pins[name].purl for name in sorted(names) if name in pins]


def _needs(direct: Iterable[Requirement], pins: Mapping[str, Pin]) -> dict[str, set[str]]:
    """Walk from what is asked for by name to all that it needs, extras as they are asked for."""
    needs: dict[str, set[str]] = {}
    walked: set[tuple[str, frozenset[str]]] = set()
    waiting = list(direct)
    while waiting:
        one = waiting.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if name not in pins or (name, extras) in walked:
            continue
        walked.add((name, extras))
        below = [each for each in _requirements(name) if _applies(each, extras)]
        needs.setdefault(name, set()).update(canonicalize_name(each.name) for each in below)
        waiting += below
    return needs


def _requirements(name: str) -> Iterator[Requirement]:
    """What is not installed here (a package of another platform) needs nothing that we could know of."""
    try:
        lines = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return
    yield from (Requirement(line) for line in lines)


def _applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**IMAGE_ENVIRONMENT, "extra": one}) for one in {"", *extras})


def _committed_at() -> str:
    """The time of the commit, not of the run: the same tree gives the same bill."""
    told = subprocess.run(["git", "log", "-1", "--format=%cI"], cwd=ROOT, check=False, capture_output=True, text=True)
    return told.stdout.strip() or "1970-01-01T00:00:00+00:00"


def faults(*paths: Path) -> list[str]:
    """Return what the library that carries the schema says of bills, a line a bill."""
    ran = subprocess.run(
        [str(VALIDATOR), "-m", "scripts.audit.validate_bill", *map(str, paths)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    told = ran.stdout.splitlines()
    return told if told or not ran.returncode else [ran.stderr.strip()[-600:]]
