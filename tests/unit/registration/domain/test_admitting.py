"""Admission of requests that came together."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.admitting import Answered, Decision, Held, Repeated, Replayed, SeatRequest, Waitlisted
from services.registration.domain.admitting import admit as admit_
from services.registration.domain.refusals import AlreadyRegistered, KeyReused, RegistrationClosed
from services.registration.domain.seats import Ledger
from tests.unit.registration.domain.stage import DEADLINES, NOW, STARTS, ask, ledger


def admit(
    seats: Ledger,
    *requests: SeatRequest,
    registered: frozenset[UUID] = frozenset(),
    answered: Mapping[str, Answered] | None = None,
) -> tuple[Ledger, list[Decision]]:
    return admit_(seats, requests, registered=registered, answered=answered or {}, deadlines=DEADLINES, now=NOW)


def test_seats_are_given_in_arrival_order_and_then_places_in_line() -> None:
    after, decisions = admit(ledger(capacity=2), *(ask(person) for person in range(4)))
    held = Held(NOW + timedelta(hours=48))
    assert decisions == [held, held, Waitlisted(1, 1), Waitlisted(2, 2)]
    assert (after.taken, after.waiting, after.next_number) == (2, 2, 3)


def test_120_seats_with_15_percent_of_overbooking_take_138_of_200() -> None:
    after, decisions = admit(ledger(capacity=120, overbooking_percent=15), *(ask(person) for person in range(200)))
    assert sum(isinstance(decision, Held) for decision in decisions) == after.taken == 138
    assert [d.position for d in decisions if isinstance(d, Waitlisted)] == list(range(1, 63))


def test_nobody_overtakes_those_who_wait_even_while_a_seat_is_free() -> None:
    _, [decision] = admit(ledger(capacity=3, taken=2, waiting=1), ask(1))
    assert decision == Waitlisted(2, 2)


def test_a_hold_never_outlives_the_start_of_the_meetup() -> None:
    late = STARTS - timedelta(hours=1)
    _, decisions = admit_(ledger(), [ask(1)], registered=frozenset(), answered={}, deadlines=DEADLINES, now=late)
    assert decisions == [Held(STARTS)]


def test_a_person_is_registered_once_whether_before_or_within_the_batch() -> None:
    after, decisions = admit(ledger(), ask(1, key="a"), ask(1, key="b"), ask(2), registered=frozenset({UUID(int=2)}))
    assert [type(decision) for decision in decisions] == [Held, AlreadyRegistered, AlreadyRegistered]
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


def test_a_refused_request_leaves_its_key_free() -> None:
    _, decisions = admit(ledger(), ask(1, key="k"), ask(2, key="k", body=b"other"), registered=frozenset({UUID(int=1)}))
    assert isinstance(decisions[0], AlreadyRegistered)
    assert isinstance(decisions[1], Held)


def test_nothing_is_given_once_closed_but_an_old_answer_is_still_repeated() -> None:
    for shut in (ledger(status="cancelled"), ledger(closes_at=NOW)):
        after, decisions = admit(shut, ask(1), ask(2, key="k"), answered={"k": Answered(b"body", "first answer")})
        assert isinstance(decisions[0], RegistrationClosed)
        assert decisions[1] == Replayed("first answer")
        assert after == shut


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
        if isinstance(decision, Held | Waitlisted):
            assert decision == decisions[index]
            registered |= {request.person_id}
            answered[request.key] = Answered(request.fingerprint, str(index))
    assert alone == together
    assert 0 <= together.taken <= together.allowed
