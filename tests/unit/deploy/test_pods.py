"""What holds for every pod of every overlay: the `restricted` profile of Pod Security, probes, resources, a patient end."""

import inspect
import re

import pytest

from chassis import health, process, telemetry
from chassis.broker import CONNECT_TIMEOUT
from chassis.settings import ChassisSettings
from tests.fixtures.manifests import OVERLAYS, Workload, overlay

VOLUMES = {"configMap", "emptyDir", "projected", "secret", "downwardAPI", "persistentVolumeClaim"}
"""What `restricted` allows, but for ephemeral and CSI volumes, which nobody here needs."""
_MEMORY = re.compile(r"^(\d+)(Mi|Gi)$")


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_namespace_enforces_the_restricted_profile(name: str) -> None:
    labels = overlay(name).one("Namespace", "rencontres").metadata["labels"]
    assert isinstance(labels, dict)
    assert {labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "audit", "warn")} == {"restricted"}


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_pod_keeps_to_the_restricted_profile(name: str) -> None:
    for one in overlay(name).workloads:
        pod = one.pod
        assert not any((pod.host_network, pod.host_pid, pod.host_ipc)), one
        assert pod.security_context.run_as_non_root, one
        assert pod.security_context.run_as_user != 0, one
        assert pod.security_context.seccomp_profile, one
        assert pod.security_context.seccomp_profile.type == "RuntimeDefault", one
        assert {key for volume in pod.volumes for key in volume} - {"name"} <= VOLUMES, one
        for container in pod.every_container:
            security = container.security_context
            assert security.allow_privilege_escalation is False, (one, container.name)
            assert not security.privileged, (one, container.name)
            assert security.capabilities.drop == ("ALL",), (one, container.name)
            assert not security.capabilities.add, (one, container.name)
            assert security.read_only_root_filesystem, (one, container.name)


@pytest.mark.parametrize("name", OVERLAYS)
def test_no_pod_can_speak_to_the_cluster(name: str) -> None:
    manifests = overlay(name)
    for one in manifests.workloads:
        assert one.pod.automount_service_account_token is False, one
        assert one.pod.enable_service_links is False, one
    for raw in manifests.raw:
        assert raw["kind"] != "ServiceAccount" or raw["automountServiceAccountToken"] is False, raw
    assert not manifests.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_container_asks_for_what_it_needs_and_may_not_take_all_memory(name: str) -> None:
    for one in overlay(name).workloads:
        for container in one.pod.every_container:
            resources = container.resources
            assert resources.requests.keys() == {"cpu", "memory"}, (one, container.name)
            assert resources.limits.keys() == {"memory"}, (one, container.name)  # a CPU limit would slow a rush down
            assert _mebibytes(resources.requests["memory"]) <= _mebibytes(resources.limits["memory"]), one


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_image_has_a_version(name: str) -> None:
    for one in overlay(name).workloads:
        for container in one.pod.every_container:
            _, _, tag = container.image.rpartition(":")
            assert re.match(r"v?\d+\.\d+", tag), (one, container.image)


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_server_and_process_is_probed_at_its_own_port(name: str) -> None:
    for one in _lasting(name):
        container = one.process
        for probe in (container.startup_probe, container.liveness_probe, container.readiness_probe):
            assert probe is not None, one
            if probe.http_get:
                assert probe.http_get.port in {port.name for port in container.ports}, one
            else:
                assert probe.exec, one


@pytest.mark.parametrize("name", OVERLAYS)
def test_our_processes_are_asked_the_questions_that_they_answer(name: str) -> None:
    for one in _lasting(name):
        if not one.is_ours:
            continue
        start, live, ready = (
            one.process.startup_probe,
            one.process.liveness_probe,
            one.process.readiness_probe,
        )
        assert start
        assert start.http_get
        assert live
        assert live.http_get
        assert ready
        assert ready.http_get
        assert (start.http_get.path, live.http_get.path, ready.http_get.path) == ("/healthz", "/healthz", "/readyz")
        assert {start.http_get.path, ready.http_get.path} <= health.PATHS
        # Its own checks say no before the cluster stops listening, and it has time to find its servers before it is killed.
        assert ready.timeout_seconds > health.CHECK_TIMEOUT
        assert start.period_seconds * start.failure_threshold > 2 * CONNECT_TIMEOUT


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_cluster_waits_longer_than_a_process_takes_to_end(name: str) -> None:
    telemetry_takes = inspect.signature(telemetry.stop).parameters["within"].default
    proxies_hear_within = ChassisSettings.model_fields["drain_seconds"].default
    assert proxies_hear_within >= 5
    takes = proxies_hear_within + process.STOPS_WITHIN + telemetry_takes
    for one in _lasting(name):
        if not one.is_ours:
            continue
        assert one.process.lifecycle is None, one  # it would be waited for twice
        assert one.pod.termination_grace_period_seconds >= takes + 5, one


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_process_has_a_disruption_budget_that_never_blocks(name: str) -> None:
    manifests = overlay(name)
    budgets = {one.name: one.spec for one in manifests.of("PodDisruptionBudget")}
    for one in _lasting(name):
        if not one.is_ours and (one.replicas or 0) < 2:
            continue
        budget = budgets.pop(one.name)
        assert budget["maxUnavailable"] == 1, one
        selector = budget["selector"]
        assert isinstance(selector, dict)
        assert selector["matchLabels"] == {"app.kubernetes.io/name": one.name}, one
    assert not budgets


def test_production_survives_the_loss_of_any_node() -> None:
    manifests = overlay("production")
    elastic = {one.name: one.spec.get("minReplicas") for one in manifests.of("HorizontalPodAutoscaler")}
    elastic |= {one.name: one.spec.get("minReplicaCount") for one in manifests.of("ScaledObject")}
    for one in _lasting("production"):
        least = elastic.get(one.name, one.replicas)
        assert isinstance(least, int)
        if one.name == "collector":  # one on purpose; without it traces are lost, and nothing else
            continue
        # Their work waits in the stream while another pod starts; nobody waits for them.
        assert least >= 2 or one.name in {"provisioner", "analytics-projector"}, one
        spread = {s.topology_key: s for s in one.pod.topology_spread_constraints}
        assert "topology.kubernetes.io/zone" in spread, one
        assert all(s.label_selector.selects(one.labels) for s in spread.values()), one
        if one.is_ours:
            assert spread["kubernetes.io/hostname"].when_unsatisfiable == "DoNotSchedule", one
        else:
            apart = {term.topology_key: term for term in one.pod.affinity.pod_anti_affinity.required}
            assert apart["kubernetes.io/hostname"].label_selector.selects(one.labels), one


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_node_that_takes_no_pods_is_not_counted_as_the_emptiest(name: str) -> None:
    """Counted, it would let no other node have a second pod: not while one is dead, nor while one is drained."""
    for one in _lasting(name):
        if one.is_ours:
            assert {s.node_taints_policy for s in one.pod.topology_spread_constraints} == {"Honor"}, one


def _lasting(name: str) -> tuple[Workload, ...]:
    return tuple(one for one in overlay(name).workloads if one.kind != "Job" and not one.sleeps)


def _mebibytes(text: str) -> int:
    match = _MEMORY.match(text)
    assert match, text
    return int(match[1]) * (1024 if match[2] == "Gi" else 1)
