"""The AsyncAPI document says the subjects that events are published to, and is the same each time."""

from typing import cast
from uuid import uuid4

import yaml

from chassis.asyncapi import Question, document
from contracts.catalogue import EVENT_TYPES
from contracts.contacts import ContactBook, ContactQuery
from contracts.subjects import Topology

QUESTION = Question("rencontres.contacts.lookup", ContactQuery, ContactBook, "Who is it?")
Channels = dict[str, dict[str, object]]


def channels_of(text: str) -> Channels:
    found = yaml.safe_load(text)
    assert found["asyncapi"].startswith("3.")
    return cast("Channels", found["channels"])


def sending() -> str:
    return document(title="t", version="1", description="d", sends=EVENT_TYPES, answers=[QUESTION])


def test_every_event_has_the_address_it_is_published_to() -> None:
    channels = channels_of(sending())
    for kind in EVENT_TYPES:
        territory, aggregate_id = "976", uuid4()
        channel = channels[kind.name]
        filled = str(channel["address"]).format(territory=territory, aggregate_id=aggregate_id)
        assert filled == Topology().event(
            aggregate=kind.aggregate, fact=kind.fact, territory=territory, aggregate_id=aggregate_id
        )
        assert set(cast("dict[str, object]", channel["parameters"])) == {"territory", "aggregate_id"}


def test_whoever_receives_sees_the_same_addresses() -> None:
    receiving = channels_of(document(title="t", version="1", description="d", receives=EVENT_TYPES))
    sent = channels_of(sending())
    assert {name: channel["address"] for name, channel in receiving.items()} == {
        kind.name: sent[kind.name]["address"] for kind in EVENT_TYPES
    }


def test_it_is_the_same_each_time() -> None:
    assert sending() == sending()
