"""The page that an engineer follows names what is there: files, secrets, objects, versions."""

import re
import subprocess
import sys

import yaml

from chassis import process
from tests.fixtures.manifests import K8S, OVERLAYS, ROOT, overlay
from tests.unit.deploy.test_schemas import VERSIONS

PAGE = (ROOT / "docs" / "operations" / "cluster.md").read_text()


def test_every_file_that_it_names_exists() -> None:
    for path in set(re.findall(r"deploy/k8s/[\w/.-]*\w", PAGE)):
        assert (ROOT / path).exists(), path
    for link in set(re.findall(r"\]\((\.\.?/[^)#]+|\w[\w-]*\.md)\)", PAGE)):
        assert (ROOT / "docs" / "operations" / link).resolve().exists(), link


def test_it_lists_every_secret_that_has_to_be_made() -> None:
    done = subprocess.run([sys.executable, str(K8S / "secrets")], capture_output=True, text=True, check=True)
    for one in yaml.safe_load_all(done.stdout):
        name = str(one["metadata"]["name"])
        assert f"`{name}`" in PAGE or (name.endswith("-database-owner") and "`…-database-owner`" in PAGE), name


def test_every_object_and_role_that_its_commands_name_exists() -> None:
    named = set(re.findall(r"(deployment|deploy|service|gateway|cluster)[/ ]([a-z]+(?:-[a-z]+)*)(?=[ `\n])", PAGE))
    kinds = {"deploy": "Deployment", "deployment": "Deployment", "service": "Service", "gateway": "Gateway"}
    there = {(one.kind, one.name) for name in OVERLAYS for one in overlay(name).objects}
    commands = {(kinds[kind], name) for kind, name in named if kind in kinds and f" {kind}/{name}" in PAGE}
    assert len(commands) >= 4
    assert commands <= there


def test_its_figures_are_those_of_code_and_manifests() -> None:
    assert f"within {process.STOPS_WITHIN:.0f}, and is killed after" in PAGE
    grace = overlay("production").workload("registration-api").pod.termination_grace_period_seconds
    assert f"killed after {grace}." in PAGE
    assert f"validated against {' and '.join(VERSIONS)}" in PAGE
