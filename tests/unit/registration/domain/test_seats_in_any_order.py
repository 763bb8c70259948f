"""Whatever the order of register, confirm, cancel, expire, change capacity, offer, accept and close: the promises about seats hold."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.registration.domain import ledgers, seats
from services.registration.domain.admitting import Held, SeatRequest, Waitlisted, admit
from services.registration.domain.refusals import CapacityBelowTaken, Refusal
from services.registration.domain.registrations import ACTIVE, Registration
from tests.unit.registration.domain.stage import DEADLINES, NOW, admitted, ledger

anybody = st.integers(0, 40)


class Seats(RuleBasedStateMachine):
    """A meetup as the service keeps it: a ledger, its registrations, and each change followed by the promotion path."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.ledger = ledger(capacity=3, overbooking_percent=40)
        self.all: dict[UUID, Registration] = {}
        self.serial = 0
        self.offers: dict[UUID, int] = {}
        self.first_offered_numbers: list[int] = []

    @rule(people=st.lists(st.integers(100, 130), min_size=1, max_size=5))
    def register(self, people: list[int]) -> None:
        """A batch of requests, some perhaps of the same person or of somebody who is in already."""
        self.serial += 1
        requests = [SeatRequest(UUID(int=who), f"{self.serial}-{i}", b"") for i, who in enumerate(people)]
        registered = {r.person_id for r in self.all.values() if r.active}
        after, decisions = admit(
            {"onsite": self.ledger}, requests, registered=registered, answered={}, deadlines=DEADLINES, now=self.now
        )
        self.ledger = after["onsite"]
        for request, decision in zip(requests, decisions, strict=True):
            if isinstance(decision, Held | Waitlisted):
                self.serial += 1
                new = admitted(self.serial, decision, person_id=request.person_id, now=self.now)
                self.all[new.id] = new

    @precondition(lambda self: self.all)
    @rule(who=anybody)
    def confirm(self, who: int) -> None:
        """Confirms a hold, accepts an offer, or is refused."""
        with contextlib.suppress(Refusal):
            self.keep(seats.confirm(self.ledger, self.somebody(who), now=self.now))

    @precondition(lambda self: self.all)
    @rule(who=anybody, times=st.integers(1, 3))
    def cancel(self, who: int, times: int) -> None:
        """However often it is asked for, at most one seat or place goes back."""
        before = self.somebody(who)
        counted = self.ledger.taken + self.ledger.waiting
        for _ in range(times):
            try:
                self.ledger, after = seats.cancel(self.ledger, self.somebody(who), by="attendee", now=self.now)
            except Refusal:
                break
            self.keep(after)
        given_back = int(before.active and not self.all[before.id].active)
        assert self.ledger.taken + self.ledger.waiting == counted - given_back
        self.promote()

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def sweep(self) -> None:
        """Twice in a row, as two workers might."""
        for _ in range(2):
            self.ledger, gone = seats.expire(self.ledger, list(self.all.values()), now=self.now)
            for registration in gone:
                self.keep(registration)
        self.promote()

    @rule(capacity=st.integers(1, 6), overbooking=st.sampled_from([0, 10, 50, 100]))
    def change_capacity(self, capacity: int, overbooking: int) -> None:
        try:
            self.ledger = ledgers.resize(self.ledger, capacity=capacity, overbooking_percent=overbooking)
        except CapacityBelowTaken:
            assert ledgers.seats_allowed(capacity=capacity, overbooking_percent=overbooking) < self.ledger.taken
        self.promote()

    @rule(published=st.booleans())
    def close_or_open(self, published: bool) -> None:
        self.ledger = replace(self.ledger, status="published" if published else "draft")
        self.promote()

    def promote(self) -> None:
        line = sorted((r for r in self.all.values() if r.status == "waitlisted"), key=lambda r: r.waiting_number or 0)
        accepts = self.ledger.coming(now=self.now)
        self.ledger, offered = seats.promote(self.ledger, line, deadlines=DEADLINES, now=self.now)
        assert [r.waiting_number for r in offered] == [r.waiting_number for r in line[: len(offered)]]
        assert accepts or not offered
        for registration in offered:
            self.offers[registration.id] = self.offers.get(registration.id, 0) + 1
            self.first_offered_numbers.append(registration.waiting_number or 0)
            self.keep(registration)

    def somebody(self, who: int) -> Registration:
        return list(self.all.values())[who % len(self.all)]

    def keep(self, after: Registration) -> None:
        before = self.all[after.id]
        assert after is before or after.version == before.version + 1
        assert before.status in ACTIVE or after is before, "what ended never revives"
        self.all[after.id] = after

    @invariant()
    def never_more_seats_than_allowed(self) -> None:
        assert 0 <= self.ledger.taken <= self.ledger.allowed

    @invariant()
    def the_ledger_counts_what_there_is(self) -> None:
        assert self.ledger.taken == sum(r.seated for r in self.all.values())
        assert self.ledger.waiting == sum(r.status == "waitlisted" for r in self.all.values())

    @invariant()
    def the_waiting_list_is_served_in_arrival_order(self) -> None:
        assert self.first_offered_numbers == sorted(self.first_offered_numbers)
        numbers = [r.waiting_number for r in self.all.values() if r.waiting_number is not None]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def an_offer_is_made_once(self) -> None:
        assert all(times == 1 for times in self.offers.values())

    @invariant()
    def a_person_is_in_once(self) -> None:
        people = [r.person_id for r in self.all.values() if r.active]
        assert len(people) == len(set(people))

    @invariant()
    def nobody_waits_while_an_open_meetup_has_a_free_seat(self) -> None:
        """Unless a hold is due and the sweep has not come by yet; it frees seats, it does not use them."""
        if self.ledger.coming(now=self.now) and self.ledger.waiting:
            assert self.ledger.free == 0


TestSeats = Seats.TestCase
TestSeats.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
