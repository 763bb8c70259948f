"""The bill of materials of an image says what its lock pins, what needs what, and under which licence."""

import json
import re
from pathlib import Path

import pytest

from scripts.audit import sbom
from scripts.audit.licences import IMAGES
from scripts.audit.report import Outcome
from scripts.audit.requirements import REQUIREMENTS, read
from scripts.audit.sbom import VALIDATOR, bill, faults


@pytest.mark.parametrize("image", IMAGES)
def test_a_bill_has_every_pin_of_the_lock_with_its_hashes_and_licence(image: str) -> None:
    document = json.loads(bill(image)[0])
    pins = {pin.purl: pin for pin in read(REQUIREMENTS / f"{image}.txt").pins if pin.is_for_images()}
    assert {one["purl"] for one in document["components"]} == set(pins)
    for one in document["components"]:
        assert one["licenses"], one["name"]
        (files,) = one["externalReferences"]
        assert [each["content"] for each in files["hashes"]] == list(pins[one["purl"]].hashes)


def test_a_bill_says_what_needs_what_from_the_service_down() -> None:
    document = json.loads(bill("notifications")[0])
    names = {one["bom-ref"]: one["name"] for one in document["components"]}
    needs = {
        names.get(one["ref"], "itself"): {names[each] for each in one["dependsOn"]} for one in document["dependencies"]
    }
    assert {"aiosmtplib", "faststream", "nats-py"} <= needs["itself"]
    assert needs["jinja2"] == {"markupsafe"}
    assert "greenlet" in needs["sqlalchemy"], "of the extra that is asked for"
    assert set(needs) == {*names.values(), "itself"}


def test_the_same_tree_gives_the_same_bill_and_it_names_no_registry() -> None:
    first, again = bill("analytics")[0], bill("analytics")[0]
    assert first == again
    assert set(re.findall(r"https?://([^/\"]+)", first)) == {"cyclonedx.org"}


def test_a_package_that_nothing_asks_for_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in REQUIREMENTS.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    with (tmp_path / "analytics.txt").open("a") as lock:
        lock.write(f"leftover==1.0 --hash=sha256:{'a' * 64}\n")
    monkeypatch.setattr(sbom, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(sbom, "FOLDER", tmp_path / "sbom")
    monkeypatch.setattr(sbom, "VALIDATOR", tmp_path / "none")
    result = sbom.check()
    assert (result.outcome, result.findings) == (Outcome.FAILED, ("analytics.txt: nothing asks for leftover",))


def test_bills_that_no_schema_was_held_against_are_not_called_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sbom, "FOLDER", tmp_path / "sbom")
    monkeypatch.setattr(sbom, "VALIDATOR", tmp_path / "none")
    result = sbom.check()
    assert (result.outcome, result.to_do) == (Outcome.SKIPPED, "scripts/audit-tools")


@pytest.mark.skipif(
    not VALIDATOR.exists(), reason="CycloneDX's schemas are not installed: run scripts/audit-tools (make audit does)"
)
def test_a_bill_against_its_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.cdx.json"
    document = json.loads(bill("analytics")[0])
    document["components"] = [document["components"][0] | {"type": "thing"}]
    path.write_text(json.dumps(document))
    (fault,) = faults(path)
    assert fault.startswith("bad.cdx.json: 'thing' is not one of")
