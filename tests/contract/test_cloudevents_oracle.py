"""The CloudEvents SDK reads our messages as the events they are, and we read those that it writes.

The SDK has no NATS binding. Its HTTP binding differs in one header only: NATS writes `datacontenttype` as `ce-datacontenttype`.
"""

from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_binary_event, to_binary_event
from cloudevents.core.v1.event import CloudEvent

from contracts.envelope import decode, encode
from contracts.subjects import Topology
from tests.contract.golden import ALL_SAMPLES, Sample

every_sample = pytest.mark.parametrize("sample", ALL_SAMPLES, ids=str)


@every_sample
def test_the_sdk_reads_what_we_write(sample: Sample) -> None:
    event = decode(sample.headers, sample.body)
    message = encode(event, Topology())
    read = from_binary_event(HTTPMessage(message.headers, message.body))
    assert read.get_specversion() == "1.0"
    assert read.get_id() == str(event.id)
    assert read.get_source() == event.source
    assert read.get_type() == event.type.name
    assert read.get_subject() == str(event.aggregate_id)
    assert read.get_time() == event.time
    assert read.get_datacontenttype() == message.headers["ce-datacontenttype"] == "application/json"
    assert read.get_dataschema() == message.headers["ce-dataschema"]
    assert read.get_extension("territory") == event.territory
    assert read.get_data() == event.data.model_dump(mode="json", exclude_none=True)


@every_sample
def test_we_read_what_the_sdk_writes(sample: Sample) -> None:
    expected = decode(sample.headers, sample.body)
    attributes: dict[str, object] = {
        "id": str(expected.id),
        "source": "/caisse n° 1",
        "type": sample.headers["ce-type"],
        "subject": str(expected.aggregate_id),
        "time": datetime(2026, 12, 2, 5, 30, tzinfo=UTC),
        "datacontenttype": "application/json",
        "territory": expected.territory,
    }
    message = to_binary_event(CloudEvent(attributes, sample.data))
    read = decode(message.headers, message.body)
    assert (read.id, read.type, read.aggregate_id, read.data) == (
        expected.id,
        expected.type,
        expected.aggregate_id,
        expected.data,
    )
    assert (read.source, read.time) == ("/caisse n° 1", datetime(2026, 12, 2, 5, 30, tzinfo=UTC))


@every_sample
def test_every_attribute_name_is_one_that_the_specification_allows(sample: Sample) -> None:
    names = [name.removeprefix("ce-") for name in sample.headers if name.startswith("ce-")]
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in names)
    assert all(value.isascii() and value.isprintable() for value in sample.headers.values())
