"""Which licences are taken: the policy, what packages say, and what runs beside us."""

import re
from email.message import Message
from importlib.metadata import PackageMetadata
from typing import cast

import pytest
import yaml
from packaging.licenses import canonicalize_license_expression

from scripts.audit.licences import Policy, check, own_word, policy, refusals
from scripts.audit.report import Outcome
from scripts.audit.requirements import ROOT

OURS = Policy.model_validate(
    {
        "allowed": ["MIT", "Apache-2.0"],
        "allowed_in_development": ["MPL-2.0"],
        "exceptions": [{"name": "certifi", "licence": "MPL-2.0", "reason": "argued"}],
        "stated": {},
        "besides": [],
    }
)


@pytest.mark.parametrize(
    ("expression", "taken"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only OR MIT AND Apache-2.0", True),
        ("(GPL-3.0-only OR MIT) AND BSD-3-Clause", False),
        ("(GPL-3.0-only OR MIT) AND Apache-2.0", True),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("MPL-2.0", False),
        ("", False),
        ("MIT GPL-3.0-only", False),
    ],
)
def test_one_side_of_an_or_is_enough_and_both_of_an_and_are_needed(expression: str, taken: bool) -> None:
    assert OURS.takes(expression, shipped=True) is taken


def test_copyleft_of_files_is_taken_in_development_and_in_an_image_by_exception_only() -> None:
    known = {"certifi": "MPL-2.0", "hypothesis": "MPL-2.0", "leaked": "MPL-2.0"}
    assert list(refusals(known, OURS, shipped={"certifi", "leaked"})) == ["leaked is under MPL-2.0, and in an image"]


def test_a_licence_that_is_refused_or_unknown_is_a_finding() -> None:
    found = list(refusals({"silent": "", "strict": "GPL-3.0-only", "fine": "MIT"}, OURS, shipped=set()))
    assert found == ["silent does not say clearly under which licence it is", "strict is under GPL-3.0-only"]


def test_an_exception_is_of_one_licence_and_ends_when_the_package_changes_it() -> None:
    assert list(refusals({"certifi": "GPL-3.0-only"}, OURS, shipped=set())) == ["certifi is under GPL-3.0-only"]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"License-Expression": ["mit"]}, "MIT"),
        ({"License": ["BSD-3-Clause"], "Classifier": ["License :: OSI Approved :: BSD License"]}, "BSD-3-Clause"),
        ({"License": ["Apache 2"], "Classifier": ["License :: OSI Approved :: Apache Software License"]}, "Apache-2.0"),
        ({"Classifier": ["License :: OSI Approved :: BSD License"]}, ""),
        (
            {
                "Classifier": [
                    "License :: OSI Approved :: MIT License",
                    "License :: OSI Approved :: Apache Software License",
                ]
            },
            "",
        ),
        ({"License": ["see LICENSE"]}, ""),
        ({}, ""),
    ],
)
def test_a_package_is_believed_where_it_says_one_thing_only(fields: dict[str, list[str]], word: str) -> None:
    metadata = Message()
    for name, values in fields.items():
        for value in values:
            metadata[name] = value
    assert own_word(cast("PackageMetadata", metadata)) == word


def test_what_we_state_is_written_as_spdx_writes_it() -> None:
    ours = policy()
    written = {*ours.allowed, *ours.allowed_in_development}
    written |= {one.licence for one in ours.exceptions} | {one.licence for one in ours.stated.values()}
    written |= {one.licence for one in ours.besides}
    assert {one for one in written if canonicalize_license_expression(one) != one} == set()


def test_every_image_that_runs_beside_us_is_listed() -> None:
    listed = {one.name for one in policy().besides}
    files = [ROOT / "deploy" / "compose.yaml", *(ROOT / "deploy" / "k8s").rglob("*.yaml")]
    images = {name for path in files for name in _images(yaml.compose_all(path.read_text(encoding="utf-8")))}
    assert {"postgres", "grafana/grafana", "nats"} <= images
    others = {name for name in images if not name.startswith("rencontres/")}
    assert others <= listed
    assert {one.name for one in policy().besides if one.where.startswith("image of its own")} <= others


def _images(documents: object) -> set[str]:
    """The values of `image:` without tag, `${NAME:-value}` by its value."""
    found: set[str] = set()
    for document in cast("list[yaml.Node]", documents):
        waiting = [document]
        while waiting:
            node = waiting.pop()
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == "image" and isinstance(value, yaml.ScalarNode):
                        named = re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value.value)
                        found.add(named.split(":")[0])
                    waiting.append(value)
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
    return found


def test_ours_passes() -> None:
    result = check()
    assert (result.outcome, result.findings) == (Outcome.OK, ())
