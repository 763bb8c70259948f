"""Read what deploy/ says of metrics and alerts, and where the programs are that check it."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yaml"
RUNBOOKS = ROOT / "docs" / "operations" / "runbooks"
DASHBOARDS = DEPLOY / "grafana" / "dashboards"

_OURS = re.compile(r"\b(?:rencontres_|http_server_|messaging_)\w+|\bup\b|\bslo:[\w:]+")
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as written: its templates are not filled in."""

    name: str
    expression: str
    severity: str
    summary: str
    runbook_url: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded series, with its service level."""

    name: str
    slo: str
    expression: str


@cache
def alerts() -> tuple[Alert, ...]:
    """All of them, in their order."""
    return tuple(
        Alert(
            name=rule["alert"],
            expression=rule["expr"],
            severity=rule["labels"]["severity"],
            summary=rule["annotations"]["summary"],
            runbook_url=rule["annotations"]["runbook_url"],
        )
        for group in yaml.safe_load(RULES.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    )


@cache
def recordings() -> tuple[Recording, ...]:
    """All of them, in their order."""
    return tuple(
        Recording(name=rule["record"], slo=rule["labels"]["slo"], expression=rule["expr"])
        for group in yaml.safe_load(RULES.read_text())["groups"]
        for rule in group["rules"]
        if "record" in rule
    )


def panel_queries() -> Iterator[tuple[str, str]]:
    """`board: panel` and query, for each query of each committed dashboard."""
    for file in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{file.stem}: {panel['title']}", target["expr"]


def names_in(query: str) -> set[str]:
    """The metrics and recorded series that a query reads."""
    return set(_OURS.findall(_STRINGS.sub('""', query)))


def everything_asked() -> dict[str, str]:
    """Each query of a rule or a dashboard, with a place where it stands."""
    places = [*panel_queries()]
    places += [(f"alert {alert.name}", alert.expression) for alert in alerts()]
    places += [(f"{recording.name} of {recording.slo}", recording.expression) for recording in recordings()]
    return {query: place for place, query in places}


def everything_read() -> dict[str, str]:
    """Each metric that a rule or a dashboard reads, with one place that does; recorded series and `up` left out."""
    found = {name: place for query, place in everything_asked().items() for name in names_in(query)}
    recorded = {recording.name for recording in recordings()}
    return {name: place for name, place in found.items() if name not in recorded and name != "up"}


def promtool() -> str | None:
    """Where it is, or None."""
    return _program("promtool", package="prometheus")


def amtool() -> str | None:
    """Where it is, or None; Alertmanager is beside it where scripts/find-debian-tool unpacked it."""
    return _program("amtool", package="prometheus-alertmanager")


def _program(name: str, *, package: str) -> str | None:
    """As scripts/find-debian-tool said, on the path, or unpacked by it earlier."""
    unpacked = ROOT / ".tools" / package / "usr" / "bin" / name
    return (
        os.environ.get(f"RENCONTRES_{name.upper()}")
        or shutil.which(name)
        or (str(unpacked) if unpacked.exists() else None)
    )
