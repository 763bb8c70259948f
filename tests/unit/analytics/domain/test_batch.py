"""A batch is reduced to what would win anyway."""

from datetime import timedelta
from random import Random
from uuid import uuid4

from services.analytics.domain.batch import reduce
from tests.fixtures.reporting import NOW, meetup, registration


def test_the_highest_version_is_kept_whatever_the_order() -> None:
    one, other = uuid4(), uuid4()
    events = [registration(uuid4(), one, version) for version in range(1, 6)] + [registration(uuid4(), other)]
    Random(1).shuffle(events)

    versions = {state.registration_id: state.version for state in reduce(events).registrations}

    assert versions == {one: 5, other: 1}


def test_meetups_and_registrations_are_told_apart() -> None:
    batch = reduce([meetup(), registration(uuid4())])

    assert (len(batch.meetups), len(batch.registrations)) == (1, 1)


def test_the_youngest_event_tells_how_far_the_batch_reaches() -> None:
    later = NOW + timedelta(seconds=5)
    events = [registration(uuid4(), time=later), registration(uuid4())]

    assert reduce(events).last_event_at == later


def test_no_events_are_no_batch() -> None:
    assert reduce([]).last_event_at is None
