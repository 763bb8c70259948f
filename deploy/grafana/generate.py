"""Writes the dashboards: `python -m deploy.grafana.generate [--check]`, from boards.yaml to dashboards/*.json.

Grafana's JSON says in 40 lines what a panel says in four; nobody reviews it. It is generated, committed, and never edited by hand.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent
SOURCE = HERE / "boards.yaml"
FOLDER = HERE / "dashboards"
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
"""The data source of provisioning/datasources."""

_WIDTH, _HEIGHT = 24, 8
_STAT_HEIGHT = 4

Json = Mapping[str, object]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Panel(_Strict):
    """One graph or one number. `alarm`: from here on it is red."""

    title: str
    about: str
    queries: dict[str, str]
    unit: str = "short"
    kind: Literal["timeseries", "stat"] = "timeseries"
    alarm: float | None = None
    exemplars: bool = False


class Board(_Strict):
    """One dashboard: panels in rows that share the width."""

    title: str
    about: str
    rows: tuple[tuple[Panel, ...], ...]


def boards() -> dict[str, Board]:
    """The source, by the name of the file it becomes. Raises pydantic.ValidationError."""
    return {name: Board.model_validate(board) for name, board in yaml.safe_load(SOURCE.read_text()).items()}


def dashboard(name: str, board: Board) -> Json:
    """A board as Grafana reads it."""
    return {
        "uid": f"rencontres-{name}",
        "title": board.title,
        "description": board.about,
        "tags": ["rencontres"],
        "editable": False,
        "graphTooltip": 1,
        "refresh": "10s",
        "schemaVersion": 39,
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "links": [{"type": "dashboards", "tags": ["rencontres"], "title": "Dashboards", "asDropdown": False}],
        "panels": _panels(board.rows),
    }


def _panels(rows: Sequence[Sequence[Panel]]) -> list[Json]:
    panels: list[Json] = []
    top = 0
    for row in rows:
        height = _STAT_HEIGHT if all(panel.kind == "stat" for panel in row) else _HEIGHT
        width = _WIDTH // len(row)
        for column, panel in enumerate(row):
            place = {"x": column * width, "y": top, "w": width, "h": height}
            panels.append(_panel(panel, number=len(panels) + 1, place=place))
        top += height
    return panels


def _panel(panel: Panel, *, number: int, place: Mapping[str, int]) -> Json:
    steps: list[Json] = [{"color": "green", "value": None}]
    if panel.alarm is not None:
        steps.append({"color": "red", "value": panel.alarm})
    custom: Json = {"thresholdsStyle": {"mode": "off" if panel.alarm is None else "line"}, "fillOpacity": 10}
    defaults = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": PROMETHEUS,
        "gridPos": dict(place),
        "fieldConfig": {
            "defaults": defaults | ({"custom": custom} if panel.kind == "timeseries" else {}),
            "overrides": [],
        },
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}
        if panel.kind == "timeseries"
        else {"colorMode": "background", "reduceOptions": {"calcs": ["lastNotNull"]}},
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": PROMETHEUS,
                "expr": query,
                "legendFormat": legend,
                "exemplar": panel.exemplars and index == 0,
            }
            for index, (legend, query) in enumerate(panel.queries.items())
        ],
    }


def main() -> int:
    """Write them, or say which is not what the source says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something would change")
    check = parser.parse_args().check
    wanted = {
        FOLDER / f"{name}.json": json.dumps(dashboard(name, board), indent=2, ensure_ascii=False) + "\n"
        for name, board in boards().items()
    }
    stale = [file for file, text in wanted.items() if not file.exists() or file.read_text() != text]
    left = [file for file in FOLDER.glob("*.json") if file not in wanted]
    if check:
        for file in (*stale, *left):
            sys.stderr.write(f"{file.name} is not what boards.yaml says\n")
        return 1 if stale or left else 0
    for file in stale:
        file.write_text(wanted[file])
    for file in left:
        file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
