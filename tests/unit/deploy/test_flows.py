"""Nothing talks to anything, but for flows that the code needs: each allowed port is one that something listens on, and both ends agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.processes import SERVICE_PROCESSES
from tests.fixtures.manifests import OVERLAYS, Manifests, Selector, overlay

POSTGRES = {"rencontres.fr/server": "database", "cnpg.io/cluster": "postgres"}
"""The labels of pods that an operator makes, with those it is told to inherit."""
PROOF = {"acme.cert-manager.io/http01-solver": "true"}
"""Those of the pods with which cert-manager proves that a host is ours."""


class _Part(BaseModel):
    # Read from YAML, never built by name.
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)  # type: ignore[pydantic-alias]


class Peer(_Part):
    pod_selector: Selector | None = None
    namespace_selector: Selector | None = None
    ip_block: dict[str, str | list[str]] | None = None

    @property
    def is_here(self) -> bool:
        return self.namespace_selector is None and self.ip_block is None


class PolicyPort(_Part):
    protocol: str = "TCP"
    port: int | str


class Rule(_Part):
    peers_from: tuple[Peer, ...] = Field(default=(), alias="from")
    to: tuple[Peer, ...] = ()
    ports: tuple[PolicyPort, ...]

    @property
    def peers(self) -> tuple[Peer, ...]:
        return self.peers_from + self.to


class Policy(_Part):
    pod_selector: Selector
    policy_types: tuple[str, ...]
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A way from one group of pods to a port of another."""

    source: str
    target: str
    port: int


@pytest.mark.parametrize("name", OVERLAYS)
def test_everything_is_closed_unless_it_is_opened(name: str) -> None:
    nothing = _policies(overlay(name))["nothing"]
    assert nothing.pod_selector == Selector()
    assert set(nothing.policy_types) == {"Ingress", "Egress"}
    assert not nothing.ingress
    assert not nothing.egress


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_rule_names_its_ports_and_concerns_somebody(name: str) -> None:
    manifests = overlay(name)
    pods = _pods(manifests)
    for policy_name, policy in _policies(manifests).items():
        assert any(policy.pod_selector.selects(labels) for labels in pods.values()), policy_name
        for rule in policy.ingress + policy.egress:
            assert rule.ports, policy_name
            for peer in rule.peers:
                if peer.is_here:
                    assert peer.pod_selector, policy_name
                    assert any(peer.pod_selector.selects(labels) for labels in pods.values()), policy_name


@pytest.mark.parametrize("name", OVERLAYS)
def test_what_may_go_out_may_also_come_in_and_the_reverse(name: str) -> None:
    manifests = overlay(name)
    assert set(_flows(manifests, "egress")) == set(_flows(manifests, "ingress"))


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_flows_inside_are_those_of_the_urls_that_processes_are_given(name: str) -> None:
    manifests = overlay(name)
    needed = set()
    for workload in manifests.workloads:
        if not workload.is_ours:
            continue
        variables = manifests.variables(workload.process)
        for variable, server in (("RENCONTRES_DATABASE_URL", "postgres"), ("RENCONTRES_NATS_URL", "nats")):
            if url := variables.get(variable):
                address = urlsplit(url)
                assert address.port
                assert str(address.hostname).removesuffix("-rw") == server
                needed.add(Flow(workload.name, server, address.port))
        if workload.kind == "Deployment" and (url := variables.get("OTEL_EXPORTER_OTLP_ENDPOINT")):
            assert url == "http://collector:4318"
            needed.add(Flow(workload.name, "collector", 4318))
        if "RENCONTRES_SMTP_URL" in variables and name != "production":
            needed.add(Flow(workload.name, "mail-catcher", 1025))
    allowed = {flow for flow in _flows(manifests, "ingress") if flow.source != flow.target}
    assert allowed == needed


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_service_leads_to_a_port_that_its_pods_listen_on(name: str) -> None:
    manifests = overlay(name)
    for service in manifests.of("Service"):
        selector = service.spec["selector"]
        assert isinstance(selector, dict)
        found = [w for w in manifests.workloads if Selector.model_validate({"matchLabels": selector}).selects(w.labels)]
        assert len(found) == 1, service
        ports = {port.name: port.number for container in found[0].pod.containers for port in container.ports}
        listed = service.spec["ports"]
        assert isinstance(listed, list)
        for port in listed:
            assert isinstance(port, dict)
            assert port["targetPort"] in ports, service


def test_the_way_in_leads_to_what_serves_the_public_and_to_nothing_else() -> None:
    manifests = overlay("production")
    serving = {p.name for p in SERVICE_PROCESSES if p.serves}
    backends = set()
    for route in manifests.of("HTTPRoute"):
        rules = route.spec["rules"]
        assert isinstance(rules, list)
        for rule in rules:
            assert isinstance(rule, dict)
            listed = rule.get("backendRefs", [])
            assert isinstance(listed, list)
            for backend in listed:
                assert isinstance(backend, dict)
                backends.add((backend["name"], backend["port"]))
    services = {
        (one.name, port["port"])
        for one in manifests.of("Service")
        for port in (one.spec["ports"] if isinstance(one.spec["ports"], list) else [])
        if isinstance(port, dict)
    }
    assert backends <= services
    assert {name for name, _ in backends} == serving
    entries = {n for n, p in _policies(manifests).items() if any(_is_entry(r) for r in p.ingress)}
    assert entries == {"registration-from-entry", "analytics-from-entry", "proof-from-entry"}


@pytest.mark.parametrize("name", ["staging", "production"])
def test_visitors_find_the_hosts_that_pages_and_mails_name(name: str) -> None:
    manifests = overlay(name)
    settings = manifests.one("ConfigMap", "settings").data
    hosts = {urlsplit(settings[f"RENCONTRES_{url}_URL"]).hostname for url in ("PUBLIC", "STATISTICS")}
    routes = {str(h) for r in manifests.of("HTTPRoute") for h in _list(r.spec.get("hostnames"))}
    listeners = {
        str(listener["hostname"])
        for listener in _list(manifests.one("Gateway", "public").spec["listeners"])
        if isinstance(listener, dict) and "hostname" in listener
    }
    assert hosts == routes == listeners


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_entry(rule: Rule) -> bool:
    return any(
        p.namespace_selector
        and p.namespace_selector.match_labels.get("kubernetes.io/metadata.name") == "envoy-gateway-system"
        for p in rule.peers_from
    )


def _policies(manifests: Manifests) -> dict[str, Policy]:
    return {one.name: Policy.model_validate(one.spec) for one in manifests.of("NetworkPolicy")}


def _pods(manifests: Manifests) -> dict[str, dict[str, str]]:
    pods = {workload.name: workload.labels for workload in manifests.workloads}
    return pods | ({"postgres": POSTGRES, "proof": PROOF} if manifests.of("Cluster") else {})


def _flows(manifests: Manifests, way: str) -> Iterator[Flow]:
    pods = _pods(manifests)
    for policy in _policies(manifests).values():
        here = [n for n, labels in pods.items() if policy.pod_selector.selects(labels)]
        for rule in policy.ingress if way == "ingress" else policy.egress:
            for peer in rule.peers:
                if not peer.is_here or peer.pod_selector is None:
                    continue
                there = [n for n, labels in pods.items() if peer.pod_selector.selects(labels)]
                for port in rule.ports:
                    for one in here:
                        for other in there:
                            source, target = (other, one) if way == "ingress" else (one, other)
                            yield Flow(source, target, int(port.port))
