"""The configuration of NATS as it is rendered is one that the server takes, with its accounts, its TLS and its cluster."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from contracts.consumers import DURABLES
from contracts.permissions import ACCOUNT, identities
from contracts.subjects import Topology
from local.nats import binary
from tests.fixtures.certificates import certificate_for
from tests.fixtures.manifests import OVERLAYS, Manifests, overlay


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_server_takes_it(name: str, tmp_path: Path) -> None:
    configuration = _written(overlay(name), tmp_path)
    done = subprocess.run(
        [binary(), "--config", str(configuration), "-t"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | _environment(overlay(name)),
    )
    assert done.returncode == 0, done.stderr
    assert "is valid" in done.stderr


def test_only_a_single_server_does_without_tls() -> None:
    for name in OVERLAYS:
        manifests = overlay(name)
        configuration = manifests.one("ConfigMap", "nats").data
        assert ("tls {" in configuration["tls.conf"]) == (name != "local")
        assert ("cluster {" in configuration["cluster.conf"]) == (name != "local")
        replicas = manifests.workload("nats").replicas
        assert manifests.one("ConfigMap", "settings").data["RENCONTRES_STREAM_REPLICAS"] == str(replicas)
        assert replicas == (1 if name == "local" else 3)


def test_the_servers_of_a_cluster_are_those_of_the_set_and_of_the_certificate() -> None:
    manifests = overlay("production")
    cluster = manifests.one("ConfigMap", "nats").data["cluster.conf"]
    names = [f"nats-{number}.nats-headless" for number in range(3)]
    assert all(f'"nats://{name}:6222"' in cluster for name in names)
    assert manifests.one("StatefulSet", "nats").spec["serviceName"] == "nats-headless"
    assert set(names) | {"nats", "localhost"} == set(_strings(manifests.one("Certificate", "nats").spec["dnsNames"]))


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_cluster_waits_longer_than_a_server_takes_to_hand_over_its_clients(name: str) -> None:
    manifests = overlay(name)
    configuration = manifests.one("ConfigMap", "nats").data["nats.conf"]
    takes = sum(int(seconds) for seconds in re.findall(r'lame_duck_\w+: "(\d+)s"', configuration))
    assert 30 < takes <= manifests.workload("nats").pod.termination_grace_period_seconds - 10


def test_keda_watches_consumers_that_exist() -> None:
    stream = Topology().events_stream
    consumers = {durable.name for durable in DURABLES}
    watched = set()
    for scaled in overlay("production").of("ScaledObject"):
        triggers = scaled.spec["triggers"]
        assert isinstance(triggers, list)
        for trigger in triggers:
            assert isinstance(trigger, dict)
            if trigger["type"] != "nats-jetstream":
                continue
            metadata = trigger["metadata"]
            assert isinstance(metadata, dict)
            assert (metadata["account"], metadata["stream"]) == (ACCOUNT, stream)
            watched.add(metadata["consumer"])
    assert watched == consumers


def _written(manifests: Manifests, folder: Path) -> Path:
    """The files as the volumes lay them out, with certificates made here in place of cert-manager's."""
    certificate_for("nats", folder=folder / "nats-tls")
    (folder / "accounts").mkdir()
    accounts = manifests.one("ConfigMap", "nats-accounts").data["accounts.conf"]
    (folder / "accounts" / "accounts.conf").write_text(accounts)
    for file, text in manifests.one("ConfigMap", "nats").data.items():
        (folder / file).write_text(text.replace("/etc/nats-tls/", f"{folder}/nats-tls/"))
    return folder / "nats.conf"


def _environment(manifests: Manifests) -> dict[str, str]:
    server = manifests.workload("nats").process
    own = {name: value or "p0" for name, value in manifests.variables(server).items()}
    return own | {identity.password_variable: "p0" for identity in identities()}


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
