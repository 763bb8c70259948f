"""What the page has an engineer change or apply: production renders with it, a cluster takes it, and it does what the page says."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from local.processes import SERVICE_PROCESSES
from tests.fixtures.manifests import K8S, Manifests, Value, overlay, rendered_at
from tests.unit.deploy.custom_resources import BY_HAND, KINDS, Solver
from tests.unit.deploy.test_page import PAGE
from tests.unit.deploy.test_schemas import BUILT_IN, VERSIONS

PATCHES = re.findall(r"^```yaml\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
APPLIED = [
    one
    for block in re.findall(r"<<'YAML'\n(.+?)^YAML$", PAGE, re.MULTILINE | re.DOTALL)
    for one in yaml.safe_load_all(block)
]


def test_hosts_of_an_ingress_are_those_of_pages_and_mails(tmp_path: Path) -> None:
    """As an engineer does it: the component, the patch of the page, hosts of one's own everywhere."""
    text = (
        _production()
        .replace("components/gateway\n", "components/ingress\n")
        .replace("patches:\n", f"patches:\n{_patch('Ingress')}")
    )
    manifests = _rendered(tmp_path, text.replace("rencontres.example", "meetups.example"))
    settings = manifests.one("ConfigMap", "settings").data
    ingress = manifests.one("Ingress", "public").spec
    hosts = {urlsplit(settings[f"RENCONTRES_{url}_URL"]).hostname for url in ("PUBLIC", "STATISTICS")}
    assert hosts == {rule["host"] for rule in _dicts(ingress["rules"])}
    assert hosts == {
        str(host) for tls in _dicts(ingress["tls"]) for host in (tls["hosts"] if isinstance(tls["hosts"], list) else [])
    }


def test_the_issuer_has_a_solver_for_an_ingress() -> None:
    written = re.search(r"`(http01: \{ingress: .+?\}\})`", PAGE)
    assert written
    solver = Solver.model_validate(yaml.safe_load(written[1]))
    assert solver.http01.ingress
    classes = re.findall(r"ingressClassName: (\S+)", (K8S / "components" / "ingress" / "ingress.yaml").read_text())
    assert classes == [solver.http01.ingress.ingress_class_name]


def test_a_mail_server_inside_is_reached_by_the_sender(tmp_path: Path) -> None:
    manifests = _rendered(tmp_path, _production().replace("patches:\n", f"patches:\n{_patch('NetworkPolicy')}"))
    policy = manifests.one("NetworkPolicy", "to-mail-server").spec
    assert policy["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "notifications-sender"}}
    (way,) = _dicts(policy["egress"])
    assert way["ports"] == [{"protocol": "TCP", "port": 25}]


def test_a_recovered_database_reads_the_backups_and_archives_elsewhere(tmp_path: Path) -> None:
    behind = "components/cloudnative-pg\n"
    recovered = _rendered(tmp_path, _production().replace(behind, f"{behind}  - ../../components/recovery\n"))
    before, after = overlay("production").one("Cluster", "postgres").spec, recovered.one("Cluster", "postgres").spec
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == {
        "bootstrap",
        "externalClusters",
        "plugins",
    }

    (archiver,) = _dicts(after["plugins"])
    (lost,) = _dicts(after["externalClusters"])
    read, written = _dict(_dict(lost["plugin"])["parameters"]), _dict(archiver["parameters"])
    (former,) = _dicts(before["plugins"])
    assert "serverName" not in _dict(former["parameters"])  # hence the name of the cluster
    assert read["serverName"] == "postgres"
    assert written["serverName"] not in {"postgres", None}
    assert read["barmanObjectName"] == written["barmanObjectName"] == recovered.of("ObjectStore")[0].name

    found = _dict(_dict(after["bootstrap"])["recovery"])
    initdb = _dict(_dict(before["bootstrap"])["initdb"])
    assert found == {"source": lost["name"], **initdb}


def test_it_can_be_recovered_to_a_moment(tmp_path: Path) -> None:
    """The line that is to be uncommented stands where it belongs."""
    component = (K8S / "components" / "recovery" / "kustomization.yaml").read_text()
    (tmp_path / "recovery").mkdir()
    (tmp_path / "recovery" / "kustomization.yaml").write_text(re.sub(r"# (recoveryTarget: )", r"\1", component))
    text = _production().replace("components/cloudnative-pg\n", "components/cloudnative-pg\n  - recovery\n")
    assert "targetTime" in str(_rendered(tmp_path, text).one("Cluster", "postgres").spec["bootstrap"])


def test_what_is_applied_by_hand_is_known_to_its_operator() -> None:
    assert {one["kind"] for one in APPLIED} == {kind for _, kind in BY_HAND}
    for one in APPLIED:
        BY_HAND[one["apiVersion"], one["kind"]].model_validate(one["spec"])
    (backup,) = (one["spec"] for one in APPLIED if one["kind"] == "Backup")
    (nightly,) = overlay("production").of("ScheduledBackup")
    assert backup == {key: nightly.spec[key] for key in backup}


def test_what_is_undone_at_once_is_what_runs_the_code_of_the_services() -> None:
    (selector,) = re.findall(r"get deployment --selector (\S+)", PAGE)
    labelled = {
        one.name for one in overlay("production").of("Deployment") if selector in _dict(one.metadata.get("labels", {}))
    }
    assert labelled == {process.name for process in SERVICE_PROCESSES}


@pytest.mark.parametrize("line", re.findall(r"kubectl --namespace rencontres delete (.+)$", PAGE, re.MULTILINE))
def test_what_is_deleted_by_name_or_label_is_there(line: str) -> None:
    manifests = overlay("production")
    there = {f"{one.kind.lower()}/{one.name}" for one in manifests.objects}
    named, _, selector = line.partition(" --selector ")
    assert {word for word in named.split() if "/" in word} <= there
    if selector:
        key, _, value = selector.split()[0].partition("=")
        assert any(key in one.labels and value in {"", one.labels[key]} for one in manifests.workloads)


def _patch(kind: str) -> str:
    (found,) = (block for block in PATCHES if yaml.safe_load(block)[0]["target"]["kind"] == kind)
    return str(found)


def _production() -> str:
    return (K8S / "overlays" / "production" / "kustomization.yaml").read_text()


def _rendered(folder: Path, kustomization: str) -> Manifests:
    """Render it, and look at every object as a cluster would."""
    up = "/".join([".."] * len(folder.resolve().parts[1:]))
    (folder / "kustomization.yaml").write_text(kustomization.replace("../../", f"{up}{K8S}/"))
    manifests = rendered_at(folder)
    for one, raw in zip(manifests.objects, manifests.raw, strict=True):
        if one.api_version in BUILT_IN:
            kubernetes_validate.validate(raw, VERSIONS[-1], strict=True)
        else:
            KINDS[one.api_version, one.kind].model_validate(one.spec)
    return manifests


def _dict(value: Value) -> dict[str, Value]:
    assert isinstance(value, dict)
    return value


def _dicts(value: Value) -> list[dict[str, Value]]:
    assert isinstance(value, list)
    return [_dict(one) for one in value]
