"""Alert rules: accepted by Prometheus, ringing when they must, each with a page that says what to do."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from local.processes import SERVICE_PROCESSES
from tests.unit.deploy.observability import DEPLOY, RULES, RUNBOOKS, alerts, names_in, promtool, recordings

PROMTOOL = promtool()
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="no promtool: scripts/find-debian-tool fetches one (make test)"
)
TESTS = sorted(RULES.parent.glob("rules*_test.yaml"))
PARTS = ("**It means**", "## Look first", "## Do", "## It is over when")


def _promtool(*arguments: str | Path) -> None:
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_prometheus_accepts_its_configuration_and_rules() -> None:
    _promtool("check", "config", DEPLOY / "prometheus" / "prometheus.yaml")
    _promtool("check", "rules", RULES)


@needs_promtool
@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_every_alert_rings_when_it_must_and_is_silent_when_it_must(file: Path) -> None:
    _promtool("test", "rules", file)


def test_every_alert_is_tested_to_ring() -> None:
    ringing = {
        case["alertname"]
        for file in TESTS
        for test in yaml.safe_load(file.read_text())["tests"]
        for case in test.get("alert_rule_test", ())
        if case["exp_alerts"]
    }

    assert ringing == {alert.name for alert in alerts()}


def test_a_process_of_which_nothing_is_left_is_missed_by_its_name() -> None:
    (expression,) = (alert.expression for alert in alerts() if alert.name == "ProcessAway")
    missed = re.findall(r'absent\(up\{job="rencontres",process="([\w-]+)"\}\)', expression)
    assert sorted(missed) == sorted(row.name for row in SERVICE_PROCESSES)


def test_every_alert_says_how_urgent_it_is() -> None:
    assert {alert.severity for alert in alerts()} == {"page", "ticket"}


def test_every_alert_leads_to_a_runbook_and_every_runbook_is_led_to() -> None:
    led_to: set[str] = set()
    for alert in alerts():
        folder, _, page = alert.runbook_url.partition("/")
        assert folder == "{{ $externalLabels.runbooks }}", (
            f"{alert.name}: where the pages are served is for the operator to say"
        )
        levels = _levels_of(alert.expression) if "$labels.slo" in page else {""}
        led_to |= {page.replace("{{ $labels.slo }}", level) for level in levels}

    assert led_to == {file.name for file in RUNBOOKS.glob("*.md") if file.name != "README.md"}


def test_the_list_of_runbooks_names_every_alert_under_its_severity() -> None:
    pages, _, tickets = (RUNBOOKS / "README.md").read_text().partition("(`severity: ticket`)")

    for severity, part in (("page", pages), ("ticket", tickets)):
        listed = re.findall(r"^\| `(\w+)`", part, re.MULTILINE)
        assert sorted(listed) == sorted(alert.name for alert in alerts() if alert.severity == severity)


@pytest.mark.parametrize(
    "file", sorted(set(RUNBOOKS.glob("*.md")) - {RUNBOOKS / "README.md"}), ids=lambda file: file.stem
)
def test_a_runbook_is_short_and_says_what_it_means_where_to_look_what_to_do_and_when_it_is_over(file: Path) -> None:
    text = file.read_text()

    places = [text.find(part) for part in PARTS]
    assert -1 not in places, f"{PARTS[places.index(-1)]} is missing"
    assert places == sorted(places)
    assert len(text.splitlines()) <= 40


def test_what_runbooks_and_pages_call_a_metric_is_one() -> None:
    """A name with an ellipsis stands for several; commands are checked where they live."""
    expressions = [alert.expression for alert in alerts()] + [recording.expression for recording in recordings()]
    known = {name for expression in expressions for name in names_in(expression)}
    for file in RUNBOOKS.glob("*.md"):
        named = set(re.findall(r"\b(?:rencontres|http_server)_\w+", file.read_text()))
        assert named <= known, file.name


def _levels_of(expression: str) -> set[str]:
    return {recording.slo for recording in recordings() if recording.name in expression}
