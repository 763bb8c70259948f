"""Is everything pinned by hash, does the lock say what pyproject.toml asks, and does no file name an index?

Asks nobody: `make check` runs it, too.
"""

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import Requirement
from pydantic import BaseModel, ConfigDict, Field

from scripts.audit.report import Result, judge
from scripts.audit.requirements import ROOT, Lock, read

TO_DO = "make lock; then look at what it changed"
_INDEX_SETTINGS = {".npmrc", ".yarnrc", ".pypirc", "pip.conf", "pip.ini", "uv.toml", "uv.lock"}


class _Project(BaseModel):
    name: str
    dependencies: list[str]
    optional_dependencies: dict[str, list[str]] = Field(alias="optional-dependencies")


class _PyProject(BaseModel):
    project: _Project
    tool: dict[str, dict[str, object]]


class _NodePackage(BaseModel):
    """One entry of a package-lock.json (lockfileVersion 3)."""

    model_config = ConfigDict(extra="ignore")

    version: str = ""
    integrity: str = ""
    resolved: str = ""
    link: bool = False
    dev: bool = False
    license: str = ""
    dependencies: dict[str, str] = {}
    dev_dependencies: dict[str, str] = Field(default_factory=dict, alias="devDependencies")


class NodeLock(BaseModel):
    """A package-lock.json; the entry without a name is the project itself."""

    model_config = ConfigDict(extra="ignore")

    version: int = Field(alias="lockfileVersion")
    packages: dict[str, _NodePackage]


def check(root: Path = ROOT) -> Result:
    """Return what is wrong with any of it."""
    locks = [read(path) for path in sorted((root / "requirements").glob("*.txt"))]
    node = sorted(path for path in tracked(root) if path.name == "package-lock.json")
    findings = [
        *(fault for lock in locks for fault in lock.faults),
        *_drift(root, {lock.name: lock for lock in locks}),
        *(fault for path in node for fault in _node_faults(path)),
        *_indexes(root),
    ]
    hashes = sum(len(pin.hashes) for lock in locks for pin in lock.pins)
    well = f"{len(locks)} files of pins, {hashes} hashes, as pyproject.toml asks; {len(node)} of npm"
    return judge("lock", findings, well=well, to_do=TO_DO)


def tracked(root: Path) -> list[Path]:
    """Return what git has of the tree, or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    paths = (root / name.decode() for name in listed.stdout.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def asked(root: Path = ROOT) -> dict[str, list[Requirement]]:
    """Return what each file of the lock must hold: what is asked for by name, by pyproject.toml or by the `.in` beside the file."""
    project = _pyproject(root).project
    wanted = {
        extra: list(_of_extra(project, extra, Requirement(project.name))) for extra in project.optional_dependencies
    }
    for source in sorted((root / "requirements").glob("*.in")):
        lines = (line.split("#")[0].strip() for line in source.read_text(encoding="utf-8").splitlines())
        wanted[source.stem] = [Requirement(line) for line in lines if line]
    return wanted


def _of_extra(project: _Project, extra: str, itself: Requirement) -> Iterator[Requirement]:
    yield from (Requirement(line) for line in project.dependencies)
    for line in project.optional_dependencies[extra]:
        requirement = Requirement(line)
        if requirement.name == itself.name:
            for inner in sorted(requirement.extras):
                yield from _of_extra(project, inner, itself)
        else:
            yield requirement


def _drift(root: Path, locks: Mapping[str, Lock]) -> Iterator[str]:
    wanted = asked(root)
    yield from (f"requirements/{name}.txt is missing" for name in sorted(set(wanted) - set(locks)))
    yield from (f"requirements/{name}.txt is of nothing in pyproject.toml" for name in sorted(set(locks) - set(wanted)))
    for name in sorted(set(wanted) & set(locks)):
        for requirement in wanted[name]:
            pins = locks[name].named(requirement.name)
            if not pins:
                yield f"{name}.txt lacks {requirement.name}, which is asked for"
            for pin in pins:
                if not requirement.specifier.contains(pin.version, prereleases=True):
                    yield f"{name}.txt has {pin.name} {pin.version}, asked for is {requirement.specifier}"
    # One version of each package in all of our environments: what is tested is what is shipped.
    extras = set(_pyproject(root).project.optional_dependencies) & set(locks)
    for name in sorted(extras - {"dev"}):
        for pin in locks[name].pins:
            if "dev" in locks and not any(pin.is_same(tested) for tested in locks["dev"].named(pin.name)):
                yield f"{name}.txt has {pin.name} {pin.version} with other hashes than dev.txt, or dev.txt does not have it"


def read_node(path: Path) -> NodeLock:
    """Read a package-lock.json."""
    return NodeLock.model_validate_json(path.read_bytes())


def _node_faults(path: Path) -> Iterator[str]:
    lock = read_node(path)
    if lock.version != 3:
        yield f"{path.name} is of version {lock.version}, not 3"
    for name, package in lock.packages.items():
        if not name:
            wanted = json.loads((path.parent / "package.json").read_bytes())
            if wanted.get("devDependencies", {}) != package.dev_dependencies or wanted.get("dependencies", {}):
                yield f"{path.name} is not of the package.json beside it"
            continue
        if package.link or not package.integrity.startswith("sha512-"):
            yield f"{path.name}: {name} has no SHA-512"
        if package.resolved:
            yield f"{path.name}: {name} names where it comes from (npm install --no-save writes `resolved`; take it out)"


def _indexes(root: Path) -> Iterator[str]:
    yield from (f"{path.relative_to(root)} may name an index" for path in tracked(root) if path.name in _INDEX_SETTINGS)
    uv = _pyproject(root).tool.get("uv", {})
    named = sorted({"index", "index-url", "extra-index-url", "find-links", "default-index", "sources"} & set(uv))
    yield from (f"pyproject.toml: tool.uv.{setting} names an index" for setting in named)


def _pyproject(root: Path) -> _PyProject:
    return _PyProject.model_validate(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")))
