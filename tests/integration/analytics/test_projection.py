"""Facts and sums: whatever the order, the repetitions and the cut into batches, the sums are those of a plain recount."""

import asyncio
from collections.abc import Sequence
from random import Random
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.database import Database
from contracts.envelope import Event
from contracts.registration import RegistrationStatus
from services.analytics.domain.batch import reduce
from services.analytics.store import LIVE, project
from tests.fixtures.reporting import KIND_OF, meetup, recount, registration
from tests.integration.analytics.conftest import apply, sums

STATUSES = tuple(KIND_OF)
SIZES = ("0", "1-9", "250-4999")


def history(meetups: Sequence[UUID], random: Random, *, registrations: int) -> list[Event]:
    """Lives of registrations; they may change anything, meetup and size too, which no real one does."""
    events: list[Event] = []
    for _ in range(registrations):
        id_ = uuid4()
        for version in range(1, random.randint(1, 5) + 1):
            status: RegistrationStatus = random.choice(STATUSES)
            attended = status == "confirmed" and random.random() < 0.5
            events.append(
                registration(
                    random.choice(meetups),
                    id_,
                    version,
                    status=status,
                    headcount=random.choice(SIZES),
                    attended=attended,
                )
            )
    return events


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), batch=st.integers(1, 40), copies=st.integers(1, 3))
async def test_the_sums_are_those_of_a_recount(database: Database, seed: int, batch: int, copies: int) -> None:
    random = Random(seed)
    events = history([uuid4() for _ in range(3)], random, registrations=12)
    delivered = events * copies
    random.shuffle(delivered)

    await apply(database, delivered, batch=batch)

    expected = recount(events)
    found = await sums(database)
    mine = {key[0] for key in expected}
    assert {key: n for key, n in found.items() if key[0] in mine} == dict(expected)


async def test_applying_a_batch_again_changes_nothing(database: Database) -> None:
    events = history([uuid4()], Random(2), registrations=20)
    batch = reduce(events)

    assert await project(database, batch, into=LIVE) == 20
    before = await sums(database)
    assert await project(database, batch, into=LIVE) == 0
    assert await sums(database) == before


async def test_a_registration_may_arrive_before_its_meetup(database: Database) -> None:
    place = uuid4()
    await apply(database, [registration(place, status="confirmed"), meetup(place)], batch=1)

    assert (await sums(database))[place, "1-9", "confirmed"] == 1


async def test_an_older_state_of_a_meetup_never_returns(database: Database) -> None:
    place = uuid4()
    await apply(database, [meetup(place, 2, capacity=50), meetup(place, 1, capacity=20)], batch=1)

    async with database.connection() as connection:
        assert await connection.fetchval("SELECT capacity FROM live.meetup_facts WHERE meetup_id = $1", place) == 50


async def test_attendance_counts_while_the_registration_is_confirmed(database: Database) -> None:
    place, person = uuid4(), uuid4()
    await apply(database, [registration(place, person, 2, status="confirmed", attended=True)])
    assert (await sums(database))[place, "1-9", "attended"] == 1

    await apply(database, [registration(place, person, 3, status="cancelled", attended=True)])
    assert (await sums(database))[place, "1-9", "attended"] == 0


async def test_two_projectors_at_once_neither_lock_each_other_out_nor_count_twice(database: Database) -> None:
    events = history([uuid4() for _ in range(4)], Random(3), registrations=150)
    other_way = list(reversed(events))

    await asyncio.gather(apply(database, events, batch=9), apply(database, other_way, batch=11))

    assert await sums(database) == recount(events)
