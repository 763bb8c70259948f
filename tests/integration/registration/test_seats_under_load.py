"""Promote, cancel, expire, decline, change rooms, hand over, promote again, all at once and by several workers: each seat is given once.

What is checked is not the end alone: the event log is walked from the first event on, and after every one of them all promises must hold.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from chassis.problems import Problem
from services.registration import meetups, registering
from services.registration.admission import Admission
from services.registration.domain.refusals import Refusal
from services.registration.domain.registrations import Mode
from services.registration.editing import Changes
from services.registration.registering import Shown
from services.registration.sweeping import expire_due, oversold
from tests.integration.registration.conftest import ADMIN, STARTS, House, application_of

ROUNDS = 14
ACTS = 24
SEATED = {"held", "offered", "confirmed"}
ENDED = {"cancelled", "expired"}


@dataclass
class Crowd:
    """People who do what they like, all at the same time."""

    house: House
    desks: tuple[Admission, Admission]
    meetup_id: UUID
    chance: random.Random
    people: int = 0

    async def act(self) -> None:
        """Do something, perhaps something that is refused."""
        choices: list[tuple[Callable[[], Awaitable[object]], int]] = [
            (self.register, 5),
            (lambda: self.with_link(registering.confirm), 6),
            (lambda: self.with_link(registering.cancel), 3),
            (lambda: self.with_link(registering.decline), 3),
            (self.change_mode, 3),
            (self.hand_over, 2),
            (self.change_capacity, 1),
            (lambda: expire_due(self.house.work, limit=3), 3),
        ]
        [act] = self.chance.choices([act for act, _ in choices], [weight for _, weight in choices])
        with suppress(Refusal, Problem):
            await act()

    async def register(self) -> None:
        """Somebody new, or somebody who came before."""
        self.people += 1
        person = self.chance.choice((self.people, self.chance.randint(1, self.people)))
        mode: Mode = self.chance.choice(("onsite", "onsite", "online"))
        application = application_of(self.meetup_id, person, key=f"key-{self.people}", mode=mode)
        await self.chance.choice(self.desks).ask(application)

    async def with_link(self, act: Callable[..., Awaitable[Shown]], **more: str) -> None:
        """Open the link of some mail and press a button, now and then twice at once."""
        rows = await self.house.rows("SELECT reference FROM registrations WHERE status <> ALL($1)", list(ENDED))
        if not rows:
            return
        reference = self.chance.choice(rows)["reference"]
        token = await self.house.token(reference)
        times = self.chance.choice((1, 1, 2))
        done = await asyncio.gather(
            *(act(self.house.work, reference=reference, token=token, **more) for _ in range(times)),
            return_exceptions=True,
        )
        for error in done:
            if isinstance(error, BaseException):
                raise error

    async def change_mode(self) -> None:
        mode: Mode = self.chance.choice(("onsite", "online"))
        await self.with_link(registering.change_mode, mode=mode)

    async def hand_over(self) -> None:
        self.people += 1
        await self.with_link(registering.hand_over, full_name="Colleague", email=f"colleague{self.people}@firm.example")

    async def change_capacity(self) -> None:
        onsite, online = self.chance.randint(3, 8), self.chance.randint(2, 5)
        await meetups.change(
            self.house.work, self.meetup_id, Changes(capacity=onsite, online_capacity=online), by=ADMIN
        )


@dataclass
class Log:
    """The event log, told from the beginning."""

    allowed: dict[str, int] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    mode: dict[str, str] = field(default_factory=dict)
    person: dict[str, str] = field(default_factory=dict)
    version: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    offer_ends: dict[str, datetime] = field(default_factory=dict)
    offers: int = 0
    seen: set[str] = field(default_factory=set)

    def take(self, position: int, kind: str, body: dict[str, str | int]) -> None:
        """Take the next event and check every promise."""
        if kind.startswith("meetup."):
            percent = 100 + int(body["overbooking_percent"])
            self.allowed = {
                "onsite": int(body["capacity"]) * percent // 100,
                "online": int(body["online_capacity"]) * percent // 100,
            }
        elif kind.startswith("registration."):
            self._registration(position, body, datetime.fromisoformat(str(body["changed_at"])))
        for mode, allowed in self.allowed.items():
            assert self.taken(mode) <= allowed, f"a seat too many {mode} at event {position}"

    def taken(self, mode: str) -> int:
        """Seats of a room that are somebody's now."""
        return sum(self.mode[one] == mode and status in SEATED for one, status in self.status.items())

    def _registration(self, position: int, body: dict[str, str | int], at: datetime) -> None:
        one, now = str(body["registration_id"]), str(body["status"])
        before = self.status.get(one)
        assert before not in ENDED, "what ended never revives"
        assert body["version"] == self.version.get(one, 0) + 1, "no change goes untold"
        if now == "offered":
            self._offered(one, body, at)
        if now == "confirmed" and before == "offered":
            assert at < self.offer_ends[one], "an offer that ran out is no seat"
        if now == "waitlisted":
            self.arrived[one] = position
        self.seen.add(now)
        self.status[one], self.mode[one] = now, str(body["mode"])
        self.person[one], self.version[one] = str(body["person_id"]), int(body["version"])
        active = [self.person[other] for other, status in self.status.items() if status not in ENDED]
        assert len(active) == len(set(active)), "nobody is in twice"

    def _offered(self, one: str, body: dict[str, str | int], at: datetime) -> None:
        self.offers += 1
        assert self.status[one] == "waitlisted", "an offer is made once, to who waits"
        assert at < STARTS, "nobody is offered a seat after the start"
        self.offer_ends[one] = datetime.fromisoformat(str(body["expires_at"]))
        assert at < self.offer_ends[one] <= STARTS
        mode = str(body["mode"])
        line = [
            self.arrived[other]
            for other, status in self.status.items()
            if status == "waitlisted" and self.mode[other] == mode
        ]
        assert self.arrived[one] == min(line), "who came first is offered first"


@pytest.mark.parametrize("seed", [20261123, 4])
async def test_each_seat_is_given_once_each_offer_used_once_and_none_made_after_the_start(
    house: House, seed: int
) -> None:
    meetup_id = (await house.meetup(capacity=5, overbooking=20, online=3)).meetup.id
    chance = random.Random(seed)
    async with Admission(house.work, batch=4) as one, Admission(house.work, batch=4) as other:
        crowd = Crowd(house, (one, other), meetup_id, chance)
        for turn in range(ROUNDS):
            await asyncio.gather(*(crowd.act() for _ in range(ACTS)))
            await asyncio.gather(*(expire_due(house.work, limit=5) for _ in range(3)))
            house.clock.advance(timedelta(hours=chance.choice((1, 20, 49, 80))))
            if turn == ROUNDS - 3:
                house.clock.moment = STARTS - timedelta(hours=1)
            elif turn == ROUNDS - 2:
                house.clock.moment = STARTS
        while await expire_due(house.work):
            pass
    log = Log()
    rows = await house.rows("SELECT position, type, body::jsonb AS body FROM event_log ORDER BY position")
    for row in rows:
        kind = row["type"].removeprefix("fr.rencontres.")
        log.take(row["position"], kind, row["body"])
    kept = await house.rows("SELECT id, status, mode FROM registrations")
    assert {str(row["id"]): (row["status"], row["mode"]) for row in kept} == {
        one: (status, log.mode[one]) for one, status in log.status.items()
    }, "the tables say what the log says"
    for mode in ("onsite", "online"):
        assert (await house.balance(meetup_id, mode))[0] == log.taken(mode)
    assert await oversold(house.work) == 0
    assert not {"held", "offered"} & set(log.status.values()), "holds and offers end with the start"
    assert log.offers >= 5, "a crowd in which nobody was offered a seat shows nothing"
    assert log.seen == SEATED | ENDED | {"waitlisted"}
