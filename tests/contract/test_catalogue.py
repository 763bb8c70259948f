"""The catalogue of events: names, subjects, and that none of them knows anybody."""

import re
from collections.abc import Iterator, Mapping
from uuid import UUID

import pytest

from contracts.catalogue import BY_FAMILY, EVENT_TYPES, EventType
from contracts.contacts import ContactBook
from contracts.publish import schema_of
from contracts.subjects import EVERYWHERE, Topology
from contracts.territories import TERRITORIES

every_type = pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.name)
ID = UUID("019f2a3b-4c00-7000-8000-000000000001")

PERSONAL = re.compile(
    r"(^|_)(e?mails?|names?|full|first|last|given|family|phones?|mobile|tel|address(es)?|street|birth\w*|age|gender|civility|ip"
    r"|token|secret|password|siret|siren|photo|comment|notes?|message)(_|$)"
)
NOT_OF_A_PERSON = {
    "OrganisationState.name": "an organisation's",
    "OrganisationState.new_registration_mail": "how often it wants mail, not where",
    "Venue.name": "a place's",
    "Venue.address": "a place's, on the poster",
}


def _fields(schema: object) -> Iterator[str]:
    """Yield `Model.field` for every field at any depth."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            yield from (f"{schema['title']}.{name}" for name in properties)
        for child in schema.values():
            yield from _fields(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from _fields(child)


def _matches(subject: str, pattern: str) -> bool:
    """Match as a NATS server does: `*` is one token, `>` one or more at the end."""
    tokens, wanted = subject.split("."), pattern.split(".")
    if wanted[-1] == ">":
        wanted, tokens = wanted[:-1], tokens[: len(wanted) - 1] if len(tokens) >= len(wanted) else []
    return len(tokens) == len(wanted) and all(want in ("*", token) for token, want in zip(tokens, wanted, strict=True))


@every_type
def test_no_event_has_a_field_that_could_hold_a_person(kind: EventType) -> None:
    suspects = {field for field in _fields(schema_of(kind.data)) if PERSONAL.search(field.partition(".")[2])}
    assert suspects <= NOT_OF_A_PERSON.keys()


def test_the_search_for_personal_fields_finds_those_of_the_contact_book() -> None:
    suspects = {field for field in _fields(schema_of(ContactBook)) if PERSONAL.search(field.partition(".")[2])}
    assert suspects >= {"AttendeeContact.email", "AttendeeContact.full_name", "AttendeeContact.manage_token"}


@every_type
def test_an_event_names_itself_in_the_past_and_once(kind: EventType) -> None:
    assert re.fullmatch(r"fr\.rencontres\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*", kind.name)
    assert BY_FAMILY[kind.family] is kind
    assert kind.meaning.endswith(".")


def test_no_family_is_declared_twice() -> None:
    assert len(BY_FAMILY) == len(EVENT_TYPES)


@every_type
@pytest.mark.parametrize("territory", ["01", "2A", "987", EVERYWHERE])
def test_the_stream_takes_in_the_subject_of_every_event(kind: EventType, territory: str) -> None:
    topology = Topology("some_test")
    subject = topology.event(aggregate=kind.aggregate, fact=kind.fact, territory=territory, aggregate_id=ID)
    assert _matches(subject, topology.all_events)
    assert not _matches(subject, Topology("other").all_events)
    assert not any(_matches(subject, other) for other in (topology.all_dead_letters, topology.all_retries))
    assert any(_matches(subject, wanted) for wanted in topology.events_of(kind.aggregate))
    assert not any(_matches(subject, wanted) for wanted in topology.events_of("something_else"))
    assert any(_matches(subject, wanted) for wanted in topology.events_of())


def test_one_territory_can_be_followed_alone() -> None:
    topology = Topology()
    subjects = [
        topology.event(aggregate="meetup", fact="filled", territory=code, aggregate_id=ID) for code in TERRITORIES
    ]
    assert sum(_matches(subject, f"{topology.prefix}.events.*.*.976.>") for subject in subjects) == 1


def test_dead_letters_and_retries_go_to_streams_of_their_own() -> None:
    topology = Topology()
    assert _matches(topology.dead_letter("projector", "fr.rencontres.meetup.filled.v1"), topology.all_dead_letters)
    assert _matches(topology.retry("projector"), topology.all_retries)
    assert not _matches(topology.contacts_lookup, topology.all_events), (
        "the look-up holds personal data: no stream keeps it"
    )


def test_two_prefixes_share_no_stream() -> None:
    one, other = Topology("test_a"), Topology("test_b")
    assert {one.events_stream, one.dead_letters_stream, one.retries_stream}.isdisjoint(
        {other.events_stream, other.dead_letters_stream, other.retries_stream}
    )
    assert Topology().events_stream == "EVENTS"
