"""The image of a service holds what it runs on and no more; what other files say of images is so."""

import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from chassis import health, healthcheck
from deploy.images.assemble import assemble
from local.processes import SERVICES
from tests.fixtures.composition import DEPLOY, ROOT, composition
from tests.fixtures.manifests import overlay

DOCKERFILE = (DEPLOY / "images" / "Dockerfile").read_text()
NAMES = [module.removeprefix("services.") for module in SERVICES]


@pytest.mark.parametrize("service", NAMES)
def test_each_service_has_an_extra_and_a_hashed_lock_of_it(service: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert service in extras
    lock = (ROOT / "requirements" / f"{service}.txt").read_text()
    assert "--hash=sha256:" in lock
    assert "requirements/${SERVICE}.txt" in DOCKERFILE


@pytest.mark.parametrize("service", NAMES)
def test_the_code_of_an_image_runs_without_that_of_the_others(service: str, tmp_path: Path) -> None:
    assemble(service, context=ROOT, packages=tmp_path)
    assert {one.name for one in (tmp_path / "services").iterdir()} == {"__init__.py", service}
    assert not (tmp_path / "local").exists()
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.path[:] = [p for p in sys.path if p != {str(ROOT)!r}]\n"
        f"import services.{service}.__main__ as main, chassis, contracts\n"
        f"assert {str(tmp_path)!r} in main.__file__ and {str(tmp_path)!r} in chassis.__file__\n"
        f"main._parser()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_service_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no service 'dev'"):
        assemble("dev", context=ROOT, packages=tmp_path)
    assert not list(tmp_path.iterdir())


def test_it_runs_as_the_user_that_compose_and_manifests_name() -> None:
    user = re.search(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert user
    assert user[1] == composition().services["registration-api"].user
    uid = user[1].partition(":")[0]
    assert f"runAsUser: {uid}" in (DEPLOY / "k8s" / "components" / "process" / "pod.yaml").read_text()


def test_every_place_runs_the_same_postgresql() -> None:
    """Down to the minor release: what was tried on one holds on the others."""
    images = {
        "one server": composition().services["postgres"].default_image,
        "laptop": overlay("local").workload("postgres").process.image,
        "production": str(overlay("production").one("Cluster", "postgres").spec["imageName"]),
    }
    releases = {where: re.findall(r":(\d+\.\d+)-", image) for where, image in images.items()}
    assert len({tuple(release) for release in releases.values()}) == 1, releases


def test_its_base_is_an_argument_with_a_version() -> None:
    base = re.search(r"^ARG BASE=\S+:(\S+)$", DOCKERFILE, re.MULTILINE)
    assert base
    assert base[1] != "latest"
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${BASE}"}


def test_it_asks_for_its_health_by_a_probe_that_exists() -> None:
    asked = re.search(r'HEALTHCHECK .*CMD \["python", "-m", "(.+)"\]', DOCKERFILE)
    assert asked
    assert find_spec(asked[1])
    assert asked[1] == healthcheck.__name__
    assert healthcheck.PATH in health.PATHS


def test_the_build_sees_nothing_but_what_it_needs() -> None:
    rules = (DEPLOY / "images" / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    assert rules[0] == "*"
    for rule in rules[1:]:
        assert rule.startswith("**/") or (ROOT / rule.removeprefix("!")).exists(), rule


def test_no_address_of_a_registry_is_written_down() -> None:
    scripts = [DEPLOY / "compose.yaml", ROOT / "scripts" / "stand-in-images", *(DEPLOY / "images").rglob("*")]
    for path in scripts:
        if path.is_file() and "__pycache__" not in path.parts:
            text = path.read_text()
            assert not re.search(r"docker\.io|ghcr\.io|quay\.io|pypi\.org|pythonhosted|deb\.debian\.org", text), path
