"""Whatever arrives is an event or a poison event, and nothing else; what was broken is told without repeating it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contracts.catalogue import BY_FAMILY, MEETUP_PUBLISHED, REGISTRATION_HELD
from contracts.envelope import BadData, BadEnvelope, Event, PoisonEvent, UnknownMajor, UnknownType, decode, encode
from contracts.publish import schema_of
from contracts.registration import RegistrationState
from contracts.subjects import Topology
from tests.contract.golden import ALL_SAMPLES, Sample

HELD = next(sample for sample in ALL_SAMPLES if str(sample) == "fr.rencontres.registration.held/v1")
PUBLISHED = next(sample for sample in ALL_SAMPLES if str(sample) == "fr.rencontres.meetup.published/v1")
SECRET = "camille.payet+ia@example.fr"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)
instants = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=11))])).filter(
    lambda moment: 1 < moment.year < 9999  # beyond, UTC may not exist
)
codes = st.from_regex(r"[A-Za-z0-9_+-]{1,32}", fullmatch=True)
registrations = st.builds(
    RegistrationState,
    version=st.integers(1, 2**31 - 1),
    reference=codes,
    territory=codes,
    headcount=codes,
    waiting_position=st.none() | st.integers(1, 2**31 - 1),
    expires_at=st.none() | instants,
    attended_at=st.none() | instants,
    registered_at=instants,
    changed_at=instants,
)
events = st.builds(
    Event,
    id=st.uuids(),
    type=st.just(REGISTRATION_HELD),
    source=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    aggregate_id=st.uuids(),
    territory=codes,
    time=instants,
    data=registrations,
    trace=st.fixed_dictionaries({}, optional={"traceparent": st.just("00-" + "1" * 32 + "-" + "2" * 16 + "-01")}),
)


def _read(headers: dict[str, str] | None, body: bytes) -> Event | PoisonEvent:
    try:
        return decode(headers, body)
    except PoisonEvent as poison:
        return poison


@given(events)
def test_what_is_written_is_read_back_the_same(event: Event) -> None:
    message = encode(event, Topology())
    assert decode(message.headers, message.body) == event


@given(st.none() | st.dictionaries(st.text() | st.sampled_from(sorted(HELD.headers)), st.text()), st.binary())
def test_any_headers_and_bytes_are_an_event_or_poison(headers: dict[str, str] | None, body: bytes) -> None:
    assert isinstance(_read(headers, body), Event | PoisonEvent)


@given(st.sampled_from(sorted(HELD.headers)), st.text())
def test_a_broken_header_is_an_event_or_poison(name: str, value: str) -> None:
    assert isinstance(_read({**HELD.headers, name: value}, HELD.body), Event | PoisonEvent)


@given(st.sampled_from([HELD, PUBLISHED]), st.data())
def test_a_broken_field_is_read_only_if_the_schema_allows_it(sample: Sample, draw: st.DataObject) -> None:
    field = draw.draw(st.sampled_from(sorted(sample.data)))
    broken = {**sample.data, field: draw.draw(json_values)}
    if isinstance(_read(sample.headers, json.dumps(broken).encode()), Event):
        Draft202012Validator(schema_of(BY_FAMILY[sample.family].data)).validate(broken)


@given(st.sampled_from([HELD, PUBLISHED]), st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_a_body_damaged_anywhere_is_an_event_or_poison(sample: Sample, at: int, noise: bytes) -> None:
    body = sample.body[:at] + noise + sample.body[at + len(noise) :]
    assert isinstance(_read(sample.headers, body), Event | PoisonEvent)


@pytest.mark.parametrize(
    "name", ["ce-specversion", "ce-type", "ce-id", "ce-subject", "ce-source", "ce-time", "ce-territory"]
)
def test_an_envelope_without_one_of_its_attributes_is_bad(name: str) -> None:
    headers = {key: value for key, value in HELD.headers.items() if key != name}
    with pytest.raises(BadEnvelope, match=name):
        decode(headers, HELD.body)


@pytest.mark.parametrize("name", ["ce-specversion", "ce-type", "ce-id", "ce-subject", "ce-time", "ce-territory"])
def test_the_reason_never_repeats_a_header(name: str) -> None:
    poison = _read({**HELD.headers, name: SECRET}, HELD.body)
    assert isinstance(poison, PoisonEvent)
    assert SECRET not in str(poison)


def test_the_reason_never_repeats_the_body() -> None:
    breaks: list[Callable[[], bytes]] = [
        SECRET.encode,
        lambda: json.dumps(SECRET).encode(),
        lambda: json.dumps({SECRET: SECRET}).encode(),
        *(lambda name=name: json.dumps({**HELD.data, name: SECRET}).encode() for name in HELD.data),
        *(lambda name=name: json.dumps({**HELD.data, name: {SECRET: [SECRET]}}).encode() for name in HELD.data),
    ]
    for broken in breaks:
        poison = _read(HELD.headers, broken())
        assert isinstance(poison, BadData)
        assert SECRET not in str(poison)
        assert poison.__cause__ is None, "a chained exception would be logged with the input"


@given(st.text(st.characters(min_codepoint=0xA1), min_size=3), st.data())
def test_the_reason_never_repeats_anything(secret: str, draw: st.DataObject) -> None:
    place = draw.draw(st.sampled_from([*HELD.headers, *HELD.data]))
    headers = {**HELD.headers, place: secret} if place in HELD.headers else HELD.headers
    data = {**HELD.data, place: secret} if place in HELD.data else HELD.data
    result = _read(headers, json.dumps(data).encode())
    assert isinstance(result, Event) or secret not in str(result)


@pytest.mark.parametrize(
    "name",
    ["fr.rencontres.registration.stolen.v1", "registration.held", "", "fr.rencontres.registration.held.v1\n", "x.v0"],
)
def test_a_type_that_is_not_in_the_catalogue_is_unknown(name: str) -> None:
    expected = UnknownType if name else BadEnvelope
    with pytest.raises(expected):
        decode({**HELD.headers, "ce-type": name}, HELD.body)


def test_a_major_of_the_future_is_told_apart_from_an_unknown_type() -> None:
    with pytest.raises(UnknownMajor):
        decode({**HELD.headers, "ce-type": "fr.rencontres.registration.held.v2"}, HELD.body)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "two\r\nBcc: lines"),
        ("title", "nul\0"),
        ("timezone", "Europe/Atlantis"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "Europe"),
        ("version", "1"),
        ("version", 2**31),
        ("capacity", 1.5),
        ("demo", "yes"),
        ("starts_at", "2027-02-04T09:00:00"),
        ("starts_at", 1801720800),
        ("starts_at", "0001-01-01T00:00:00+14:00"),
        ("starts_local", "2027-02-04T09:00:00+03:00"),
        ("status", "draft"),
    ],
)
def test_what_a_consumer_could_not_store_or_print_is_refused_at_the_door(field: str, value: object) -> None:
    with pytest.raises(BadData, match=field):
        decode(PUBLISHED.headers, replace(PUBLISHED, data={**PUBLISHED.data, field: value}).body)


def test_a_reader_takes_header_names_in_any_case() -> None:
    assert decode({name.title(): value for name, value in HELD.headers.items()}, HELD.body) == decode(
        HELD.headers, HELD.body
    )


def test_a_writer_refuses_a_territory_that_would_change_the_subject() -> None:
    event = decode(HELD.headers, HELD.body)
    for territory in ("976.>", "*", "", "97 6", "é"):
        with pytest.raises(ValueError, match="code"):
            encode(replace(event, territory=territory), Topology())


def test_an_instant_is_written_in_utc_whatever_the_offset_it_came_with() -> None:
    event = decode(
        PUBLISHED.headers, replace(PUBLISHED, data={**PUBLISHED.data, "starts_at": "2027-02-04T09:00:00+03:00"}).body
    )
    assert b'"starts_at":"2027-02-04T06:00:00Z"' in encode(event, Topology()).body


def test_only_the_trace_headers_of_w3c_travel() -> None:
    event = replace(decode(PUBLISHED.headers, PUBLISHED.body), trace={"traceparent": "00-1-2-01", "baggage": SECRET})
    assert event.type is MEETUP_PUBLISHED
    assert SECRET not in str(encode(event, Topology()))


def test_the_id_is_the_same_everywhere() -> None:
    event = decode(HELD.headers, HELD.body)
    message = encode(event, Topology())
    assert {str(message.id), message.headers["ce-id"], message.headers["Nats-Msg-Id"]} == {str(event.id)}
    assert UUID(message.headers["ce-id"]).version == 7
