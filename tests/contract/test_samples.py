"""What was once written can be read for ever, and what is written today looks as it did."""

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from contracts.catalogue import EVENT_TYPES, EventType
from contracts.envelope import decode, encode
from contracts.publish import SCHEMAS
from contracts.subjects import Topology
from tests.contract.golden import ALL_SAMPLES, SAMPLES, Sample

every_sample = pytest.mark.parametrize("sample", ALL_SAMPLES, ids=str)
every_type = pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.name)


@every_sample
def test_a_golden_sample_is_read(sample: Sample) -> None:
    event = decode(sample.headers, sample.body)
    assert (event.type.family, str(event.id)) == (sample.family, sample.headers["ce-id"])
    assert event.data.model_dump(mode="json", exclude_none=True).items() <= sample.data.items()


@pytest.mark.parametrize("sample", [sample for sample in ALL_SAMPLES if sample.written_by_us], ids=str)
def test_a_golden_sample_of_the_current_major_is_written_byte_for_byte(sample: Sample) -> None:
    message = encode(decode(sample.headers, sample.body), Topology())
    assert (message.subject, message.headers, message.body) == (sample.subject, sample.headers, sample.body)


@every_sample
def test_a_golden_sample_keeps_to_the_schema_that_its_header_names(sample: Sample) -> None:
    name = sample.headers["ce-dataschema"].rsplit("/", 1)[-1]
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(sample.data)


@every_type
def test_every_type_has_a_schema_and_a_sample_of_every_major_up_to_its_own(kind: EventType) -> None:
    for major in range(1, kind.major + 1):
        assert (SCHEMAS / f"{kind.family}.v{major}.json").is_file()
        assert (SAMPLES / kind.family / f"v{major}.json").is_file()


def test_no_sample_is_left_of_a_type_that_nobody_knows() -> None:
    assert {sample.family for sample in ALL_SAMPLES} == {kind.family for kind in EVENT_TYPES}
