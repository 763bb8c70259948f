"""Admission of requests that came together."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.admitting import (
    Answered,
    Decision,
    Decoy,
    Held,
    Repeated,
    Replayed,
    SeatRequest,
    Waitlisted,
)
from services.registration.domain.admitting import admit as admit_
from services.registration.domain.decoys import without
from services.registration.domain.ledgers import Ledger
from services.registration.domain.refusals import KeyReused, NoSuchRoom, RegistrationClosed
from services.registration.domain.registrations import Mode
from tests.unit.registration.domain.stage import DEADLINES, NOW, STARTS, ask, ledger

Rooms = dict[Mode, Ledger]


def admit(
    seats: Ledger,
    *requests: SeatRequest,
    registered: frozenset[UUID] = frozenset(),
    answered: Mapping[str, Answered] | None = None,
) -> tuple[Ledger, list[Decision]]:
    after, decisions = admit_(
        {seats.mode: seats}, requests, registered=registered, answered=answered or {}, deadlines=DEADLINES, now=NOW
    )
    return after[seats.mode], decisions


def test_seats_are_given_in_arrival_order_and_then_places_in_line() -> None:
    after, decisions = admit(ledger(capacity=2), *(ask(person) for person in range(4)))
    held = Held("onsite", NOW + timedelta(hours=48))
    assert decisions == [held, held, Waitlisted("onsite", 1, 1), Waitlisted("onsite", 2, 2)]
    assert (after.taken, after.waiting, after.next_number) == (2, 2, 3)


def test_120_seats_with_15_percent_of_overbooking_take_138_of_200() -> None:
    after, decisions = admit(ledger(capacity=120, overbooking_percent=15), *(ask(person) for person in range(200)))
    assert sum(isinstance(decision, Held) for decision in decisions) == after.taken == 138
    assert [d.position for d in decisions if isinstance(d, Waitlisted)] == list(range(1, 63))


def test_nobody_overtakes_those_who_wait_even_while_a_seat_is_free() -> None:
    _, [decision] = admit(ledger(capacity=3, taken=2, waiting=1), ask(1))
    assert decision == Waitlisted("onsite", 2, 2)


def test_a_hold_never_outlives_the_start_of_the_meetup() -> None:
    late = STARTS - timedelta(hours=1)
    _, decisions = admit_(
        {"onsite": ledger()}, [ask(1)], registered=frozenset(), answered={}, deadlines=DEADLINES, now=late
    )
    assert decisions == [Held("onsite", STARTS)]


def test_a_person_is_registered_once_whether_before_or_within_the_batch() -> None:
    after, decisions = admit(ledger(), ask(1, key="a"), ask(1, key="b"), ask(2), registered=frozenset({UUID(int=2)}))
    assert [type(decision) for decision in decisions] == [Held, Decoy, Decoy]
    assert after.taken == 1


def test_a_key_that_comes_again_gets_the_first_answer_and_with_another_body_none() -> None:
    after, decisions = admit(
        ledger(),
        ask(1, key="old"),
        ask(1, key="old", body=b"other"),
        ask(2, key="new"),
        ask(2, key="new"),
        ask(2, key="new", body=b"other"),
        answered={"old": Answered(b"body", "first answer")},
    )
    assert decisions[0] == Replayed("first answer")
    assert isinstance(decisions[1], KeyReused)
    assert decisions[3] == Repeated(2)
    assert isinstance(decisions[4], KeyReused)
    assert after.taken == 1


def test_who_is_registered_is_shown_what_a_newcomer_would_be_given_and_only_what_is_shown_changes() -> None:
    mine = frozenset({UUID(int=1)})
    before = ledger(capacity=1)
    after, [free] = admit(before, ask(1), registered=mine)
    assert free == Decoy(Held("onsite", NOW + timedelta(hours=48)))
    assert (without(after), after.decoys_held, after.announced) == (before, 1, 0)
    after, decisions = admit(before, ask(2), ask(3), ask(1), ask(4), registered=mine)
    assert decisions[2:] == [Decoy(Waitlisted("onsite", 2, 2)), Waitlisted("onsite", 3, 3)]
    assert (after.waiting, after.decoys_waiting, after.announced_waiting) == (2, 1, 3)
    _, [pending] = admit(ledger(approval=True), ask(1), registered=mine)
    assert pending == Decoy(Waitlisted("onsite", 1, None))


def test_a_refused_request_leaves_its_key_free_and_a_decoy_takes_it() -> None:
    _, decisions = admit(ledger(), ask(1, key="k", mode="online"), ask(2, key="k", body=b"other"))
    assert isinstance(decisions[0], NoSuchRoom)
    assert isinstance(decisions[1], Held)
    _, decisions = admit(ledger(), ask(1, key="k"), ask(1, key="k"), registered=frozenset({UUID(int=1)}))
    assert decisions[1] == Repeated(0)


def test_nothing_is_given_once_closed_but_an_old_answer_is_still_repeated() -> None:
    for shut in (ledger(status="cancelled"), ledger(closes_at=NOW)):
        after, decisions = admit(shut, ask(1), ask(2, key="k"), answered={"k": Answered(b"body", "first answer")})
        assert isinstance(decisions[0], RegistrationClosed)
        assert decisions[1] == Replayed("first answer")
        assert after == shut


def test_each_room_of_a_hybrid_meetup_has_its_own_seats_and_its_own_line() -> None:
    rooms: Rooms = {"onsite": ledger(capacity=1), "online": ledger(capacity=2, mode="online")}
    modes: list[Mode | None] = ["onsite", "online", None, "online", "online", "onsite"]
    asked = [ask(person, mode=mode) for person, mode in enumerate(modes)]
    after, decisions = admit_(rooms, asked, registered=frozenset(), answered={}, deadlines=DEADLINES, now=NOW)
    end = NOW + timedelta(hours=48)
    assert decisions == [
        *[Held("onsite", end), Held("online", end), Waitlisted("onsite", 1, 1)],
        *[Held("online", end), Waitlisted("online", 1, 1), Waitlisted("onsite", 2, 2)],
    ]
    assert [(room.taken, room.waiting) for room in after.values()] == [(1, 2), (2, 1)]


def test_a_person_has_one_place_in_both_rooms_together_and_none_in_a_room_there_is_not() -> None:
    rooms: Rooms = {"onsite": ledger(), "online": ledger(mode="online")}
    asked = [ask(1, key="a", mode="onsite"), ask(1, key="b", mode="online")]
    _, decisions = admit_(rooms, asked, registered=frozenset(), answered={}, deadlines=DEADLINES, now=NOW)
    assert decisions[1] == Decoy(Held("online", NOW + timedelta(hours=48)))
    _, [decision] = admit(ledger(), ask(1, mode="online"))
    assert isinstance(decision, NoSuchRoom)


def test_where_organisers_approve_everybody_gets_a_number_and_nobody_a_seat_or_a_rank() -> None:
    after, decisions = admit(ledger(approval=True), ask(1), ask(2))
    assert decisions == [Waitlisted("onsite", 1, None), Waitlisted("onsite", 2, None)]
    assert (after.taken, after.waiting, after.next_number) == (0, 0, 3)


requests = st.lists(
    st.builds(ask, st.integers(0, 8), key=st.sampled_from("abcdefgh"), body=st.sampled_from([b"x", b"y"])), max_size=30
)


@given(requests, st.integers(1, 5), st.integers(0, 60))
def test_a_batch_decides_as_its_requests_one_by_one_would(
    batch: list[SeatRequest], capacity: int, overbooking: int
) -> None:
    """Group commit is an optimisation: nobody can tell from the outcome which requests travelled together."""
    start = ledger(capacity=capacity, overbooking_percent=overbooking)
    together, decisions = admit(start, *batch)
    alone, registered, answered = start, frozenset[UUID](), dict[str, Answered]()
    for index, request in enumerate(batch):
        alone, [decision] = admit(alone, request, registered=registered, answered=answered)
        match decisions[index]:
            case Repeated(first):
                assert decision == Replayed(str(first))
            case other:
                assert type(decision) is type(other)
        if isinstance(decision, Held | Waitlisted | Decoy):
            assert decision == decisions[index]
            registered |= {request.person_id}
            answered[request.key] = Answered(request.fingerprint, str(index))
    assert alone == together
    assert 0 <= together.taken <= together.allowed
