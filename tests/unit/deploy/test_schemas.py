"""Every object is one that a cluster takes, of the two newest Kubernetes versions that all operators support, down to each field's name."""

import copy

import kubernetes_validate
import pytest

from tests.fixtures.manifests import OVERLAYS, Manifests, Object, overlay
from tests.unit.deploy.custom_resources import KINDS

VERSIONS = ("1.35", "1.36")
BUILT_IN = {"v1", "apps/v1", "batch/v1", "policy/v1", "autoscaling/v2", "networking.k8s.io/v1"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OVERLAYS)
def test_a_cluster_takes_every_object(name: str, version: str) -> None:
    checked = 0
    for raw in overlay(name).raw:
        if raw["apiVersion"] in BUILT_IN:
            kubernetes_validate.validate(raw, version, strict=True)
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("name", OVERLAYS)
def test_operators_know_every_field_of_their_own_objects(name: str) -> None:
    checked = set()
    for one in _custom(overlay(name)):
        KINDS[one.api_version, one.kind].model_validate(one.spec)
        checked.add(one.kind)
    assert checked == (set() if name == "local" else {kind for _, kind in KINDS})


def test_a_field_with_a_wrong_name_is_found() -> None:
    manifests = overlay("production")
    raw = copy.deepcopy(next(one for one in manifests.raw if one["kind"] == "Deployment"))
    spec = raw["spec"]
    assert isinstance(spec, dict)
    spec["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(raw, VERSIONS[0], strict=True)
    cluster = manifests.one("Cluster", "postgres")
    with pytest.raises(ValueError, match="instance"):
        KINDS[cluster.api_version, cluster.kind].model_validate({**cluster.spec, "instance": 3})


def _custom(manifests: Manifests) -> tuple[Object, ...]:
    return tuple(one for one in manifests.objects if one.api_version not in BUILT_IN)
