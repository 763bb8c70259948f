"""Every overlay renders without a cluster, and differs from the others in what an overlay is for."""

from pathlib import Path

import pytest
import yaml

from local.processes import SERVICE_PROCESSES
from tests.fixtures.manifests import K8S, OVERLAYS, overlay, render

_ENTRY = ("Gateway", "HTTPRoute", "Ingress")


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_renders_each_object_once_in_one_namespace(name: str) -> None:
    objects = overlay(name).objects
    assert len({(o.kind, o.name) for o in objects}) == len(objects) > 40
    for one in objects:
        assert one.kind == "Namespace" or one.metadata.get("namespace") == "rencontres", one


def test_every_folder_of_components_is_used_or_stands_for_another() -> None:
    written = "".join(file.read_text() for file in K8S.rglob("kustomization.yaml"))
    unused = {f.name for f in (K8S / "components").iterdir() if f"/{f.name}\n" not in written}
    assert unused == {"ingress", "recovery"}


def test_an_ingress_takes_the_place_of_the_gateway(tmp_path: Path) -> None:
    objects = list(yaml.safe_load_all(render(variant(tmp_path, "gateway", "ingress"))))
    kinds = {one["kind"] for one in objects}
    assert "Ingress" in kinds
    assert not kinds & {"Gateway", "HTTPRoute"}


def test_an_overlay_says_where_images_come_from(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text(
        yaml.safe_dump(
            {
                "resources": [_relative(K8S / "base", tmp_path)],
                "images": [
                    {"name": f"rencontres/{service}", "newName": f"elsewhere/{service}", "digest": "sha256:" + "0" * 64}
                    for service in ("registration", "notifications", "analytics")
                ],
            }
        )
    )
    text = render(tmp_path)
    assert "rencontres/registration" not in text.replace("rencontres/registration@", "")
    assert text.count("image: elsewhere/registration@sha256:") >= 3


def test_development_and_production_run_the_same_processes() -> None:
    names = {process.name for process in SERVICE_PROCESSES}
    for name in OVERLAYS:
        deployments = {one.name for one in overlay(name).of("Deployment")}
        assert names <= deployments
        assert deployments - names <= {"mail-catcher", "collector", "tools", "rebuild"}


def test_no_mail_leaves_but_from_production() -> None:
    for name in OVERLAYS:
        policy = overlay(name).one("NetworkPolicy", "to-mail-server")
        goes_outside = "ipBlock" in str(policy.spec)
        assert goes_outside == (name == "production")


def variant(folder: Path, instead_of: str, take: str) -> Path:
    """Production, with another component."""
    source = K8S / "overlays" / "production" / "kustomization.yaml"
    text = source.read_text().replace(f"components/{instead_of}\n", f"components/{take}\n")
    assert text != source.read_text()
    (folder / "kustomization.yaml").write_text(text.replace("../../", _relative(K8S, folder) + "/"))
    return folder


def _relative(path: Path, start: Path) -> str:
    """Kustomize takes no absolute paths."""
    return "/".join([".."] * len(start.resolve().parts[1:])) + str(path.resolve())
