"""Dashboards: what boards.yaml says, on data sources that are provisioned, reading metrics that some code makes."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from deploy.grafana.generate import FOLDER, boards, dashboard
from tests.unit.deploy.observability import DEPLOY, ROOT, RUNBOOKS, everything_read, names_in, panel_queries, recordings

_SUFFIXES = re.compile(r"(?:_seconds)?(?:_bucket|_count|_sum|_total)?$")


def test_the_committed_dashboards_are_what_their_source_says() -> None:
    committed = {file.stem: json.loads(file.read_text()) for file in FOLDER.glob("*.json")}

    assert committed == {name: dashboard(name, board) for name, board in boards().items()}
    assert len(committed) == 4


@pytest.mark.parametrize("file", sorted(RUNBOOKS.glob("*.md")), ids=lambda file: file.stem)
def test_what_a_runbook_sets_in_italics_is_a_dashboard_or_a_panel(file: Path) -> None:
    shown = {board.title for board in boards().values()}
    shown |= {panel.title for board in boards().values() for row in board.rows for panel in row}
    assert set(re.findall(r"(?<![*\w])\*([^*\s][^*\n]*)\*(?!\*)", file.read_text())) <= shown


def test_every_panel_reads_a_data_source_that_is_provisioned() -> None:
    provisioned = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/datasources.yaml").read_text())
    uids = {source["uid"] for source in provisioned["datasources"]}

    for file in FOLDER.glob("*.json"):
        for panel in json.loads(file.read_text())["panels"]:
            assert {panel["datasource"]["uid"], *(t["datasource"]["uid"] for t in panel["targets"])} <= uids


def test_an_exemplar_leads_to_jaeger_by_the_label_that_processes_write() -> None:
    provisioned = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/datasources.yaml").read_text())
    prometheus, jaeger = provisioned["datasources"]

    (destination,) = prometheus["jsonData"]["exemplarTraceIdDestinations"]
    assert (destination["name"], destination["datasourceUid"]) == ("trace_id", jaeger["uid"])


@pytest.mark.parametrize("place", ["registration", "deliveries", "service-levels"])
def test_latencies_show_exemplars(place: str) -> None:
    targets = [t for p in json.loads((FOLDER / f"{place}.json").read_text())["panels"] for t in p["targets"]]

    assert any(target["exemplar"] and "_seconds_bucket" in target["expr"] for target in targets)


def test_panels_of_a_dashboard_do_not_lie_on_one_another() -> None:
    for file in FOLDER.glob("*.json"):
        cells: set[tuple[int, int]] = set()
        for panel in json.loads(file.read_text())["panels"]:
            place = panel["gridPos"]
            own = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not own & cells, f"{file.stem}: {panel['title']}"
            cells |= own


def test_every_query_reads_something_of_ours() -> None:
    assert [place for place, query in panel_queries() if not names_in(query)] == []


def test_recorded_series_that_dashboards_show_are_recorded() -> None:
    shown = {name for _, query in panel_queries() for name in names_in(query) if name.startswith("slo:")}

    assert shown <= {recording.name for recording in recordings()}
    assert shown, "the board of service levels shows none of them"


def test_every_metric_that_is_read_is_made_somewhere_in_the_code() -> None:
    """The fast half; tests/e2e/test_metrics.py asks the running processes."""
    unknown = {name: place for name, place in everything_read().items() if _SUFFIXES.sub("", name) not in _made()}

    assert unknown == {}


def test_every_metric_that_the_code_makes_is_looked_at_somewhere() -> None:
    read = {_SUFFIXES.sub("", name) for name in everything_read()}

    assert _made() - read == set()


@cache
def _made() -> set[str]:
    """Names given to instruments, as Prometheus writes them, without unit and suffix."""
    instrument = re.compile(r"(?:create_\w+|Gauge)\(\s*\"([a-z_.]+)\"")
    sources = [file for folder in ("chassis", "services") for file in (ROOT / folder).rglob("*.py")]
    return {name.replace(".", "_") for file in sources for name in instrument.findall(file.read_text())}
