"""In a cluster as on one server: the same fence, alerts and dashboards, and series under the labels by which these know them."""

import json
import re
from collections.abc import Mapping

import pytest
import yaml

from local.processes import SERVICE_PROCESSES
from tests.fixtures.composition import composition
from tests.fixtures.manifests import Manifests, Workload, overlay
from tests.unit.deploy.custom_resources import PodMonitor, PrometheusRule
from tests.unit.deploy.observability import DASHBOARDS, DEPLOY, RULES, everything_asked

WATCHED = ("staging", "production")
NAMES = {row.name for row in SERVICE_PROCESSES}


@pytest.mark.parametrize("name", WATCHED)
def test_the_collector_is_given_the_one_configuration_that_is_tested(name: str) -> None:
    manifests = overlay(name)
    pod = manifests.workload("collector").pod
    (mounted,) = (volume["configMap"] for volume in pod.volumes)
    assert isinstance(mounted, dict)
    assert manifests.one("ConfigMap", str(mounted["name"])).data == {
        "collector.yaml": (DEPLOY / "otel" / "collector.yaml").read_text()
    }
    assert pod.containers[0].args == ("--config", "/etc/otelcol/collector.yaml")
    assert pod.containers[0].image == composition().services["collector"].default_image


@pytest.mark.parametrize("name", WATCHED)
def test_the_collector_listens_where_its_pod_says(name: str) -> None:
    configuration = (DEPLOY / "otel" / "collector.yaml").read_text()
    listens = set(re.findall(r"0\.0\.0\.0:(\d+)", configuration)) | set(re.findall(r"port: (\d+)", configuration))
    container = overlay(name).workload("collector").pod.containers[0]
    assert {str(port.number) for port in container.ports} <= listens
    assert {variable.name for variable in container.env} <= set(re.findall(r"\$\{env:(\w+)", configuration))


@pytest.mark.parametrize("name", WATCHED)
def test_series_of_a_process_are_labelled_as_on_one_server(name: str) -> None:
    manifests = overlay(name)
    found = {labels["process"]: labels["job"] for labels in _scraped(manifests, "rencontres").values()}
    assert found == dict.fromkeys(NAMES, "rencontres")
    assert {labels["job"] for labels in _scraped(manifests, "collector").values()} == {"collector"}


def test_both_know_every_job_that_rules_and_dashboards_ask_for() -> None:
    asked = {job for query in everything_asked() for job in re.findall(r'\bjob="(\w+)"', query)}
    configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    assert asked == {one["job_name"] for one in configuration["scrape_configs"]}
    assert asked == {one.name for one in overlay("production").of("PodMonitor")}


@pytest.mark.parametrize("name", WATCHED)
def test_the_alerts_are_those_that_promtool_accepted(name: str) -> None:
    written = overlay(name).one("PrometheusRule", "rencontres").spec
    assert written == yaml.safe_load(RULES.read_text())
    PrometheusRule.model_validate(written)


@pytest.mark.parametrize("name", WATCHED)
def test_every_dashboard_is_brought_with_the_label_that_grafana_looks_for(name: str) -> None:
    brought: dict[str, str] = {}
    for one in overlay(name).of("ConfigMap"):
        if one.name.startswith("dashboard-"):
            assert one.metadata["labels"] == {"grafana_dashboard": "1"}
            brought |= one.data
    assert brought == {file.name: file.read_text() for file in DASHBOARDS.glob("*.json")}
    assert len({json.loads(text)["uid"] for text in brought.values()}) == len(brought)


@pytest.mark.parametrize("name", WATCHED)
@pytest.mark.parametrize("process", sorted(NAMES))
def test_a_process_sends_traces_leaves_metrics_to_be_read_and_joins_the_two(name: str, process: str) -> None:
    manifests = overlay(name)
    _assert_told(manifests.variables(manifests.workload(process).process))


@pytest.mark.parametrize("process", sorted(NAMES))
def test_a_process_on_one_server_is_told_the_same(process: str) -> None:
    given = composition().services[process].environment
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in given
    _assert_told(given)


def test_grafana_on_one_server_looks_for_dashboards_where_they_are_mounted() -> None:
    provider = yaml.safe_load((DEPLOY / "grafana/provisioning/dashboards/dashboards.yaml").read_text())["providers"][0]
    mounted = [volume.split(":")[:2] for volume in composition().services["grafana"].volumes]
    assert ["./grafana/dashboards", provider["options"]["path"]] in mounted


def _assert_told(given: Mapping[str, str | None]) -> None:
    assert given["OTEL_METRICS_EXPORTER"] == "none"
    assert given["OTEL_METRICS_EXEMPLAR_FILTER"] == "trace_based"


def _scraped(manifests: Manifests, monitor: str) -> dict[str, dict[str, str]]:
    """The labels of what a monitor finds, by the name of the pod's maker: as the operator relabels, for the kinds in use."""
    spec = PodMonitor.model_validate(manifests.one("PodMonitor", monitor).spec)
    (endpoint,) = spec.pod_metrics_endpoints
    found = {}
    for workload in manifests.workloads:
        ports = {port.name for container in workload.pod.containers for port in container.ports}
        if spec.selector.match_labels.items() <= workload.labels.items() and endpoint.port in ports:
            labels = {"job": f"rencontres/{monitor}"} | _discovered(workload)
            for step in endpoint.relabelings:
                joined = ";".join(labels.get(label, "") for label in step.source_labels)
                labels[step.target_label] = joined if step.replacement is None else step.replacement
            found[workload.name] = labels
    return found


def _discovered(workload: Workload) -> dict[str, str]:
    return {f"__meta_kubernetes_pod_label_{re.sub(r'[^a-zA-Z0-9_]', '_', k)}": v for k, v in workload.labels.items()}
