"""Numbers tell a stranger nothing either: what is shown counts an answer that was only pretended, what is decided does not.

Two meetups stand alike, but that the target comes to the first and somebody else to the second. A stranger does the same in both.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

import httpx
import pytest

from services.registration import meetups, registering
from services.registration.admission import Admission
from services.registration.domain.refusals import Refusal
from services.registration.domain.registrations import Mode
from services.registration.editing import Changes
from services.registration.receipts import Receipt
from services.registration.store import queries
from services.registration.sweeping import expire_due, oversold, purge
from tests.integration.registration.conftest import ADMIN, STARTS, House, application_of

TARGET, OTHER, LAST = 1, 2, 99


@dataclass
class Stranger:
    """Somebody who registers addresses at one meetup and looks, time and again, at all that can be seen of it."""

    house: House
    http: httpx.AsyncClient
    meetup_id: UUID
    slug: str
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By what each registration is called here: reference and token."""
    words: dict[str, str] = field(default_factory=dict)

    async def register(self, person: int, *, mode: Mode | None = None) -> str:
        """Register an address, and keep the link that the page leads to; return the answer."""
        name = f"LINK{len(self.links)}"
        form = {"email": f"person{person}@firm.example", "full_name": "Curieux", "headcount": "1-9", "locale": "en"}
        answer = await self.http.post(
            f"/api/v1/meetups/{self.meetup_id}/registrations",
            json=form | ({"mode": mode} if mode else {}),
            headers={"Idempotency-Key": f"{name}-{self.slug}"},
        )
        receipt = Receipt.from_json(answer.text)
        token = await registering.show_once(self.house.work, receipt)
        self.links[name] = receipt.reference, token
        self.words |= {str(receipt.id): f"{name} ID", receipt.reference: f"{name} REFERENCE", token: f"{name} TOKEN"}
        return self._seen(answer)

    async def look(self) -> list[str]:
        """Open the meetup, the programme and every link, as a program and as a visitor."""
        pages = [
            f"/api/v1/meetups/{self.meetup_id}",
            f"/rencontres/{self.slug}",
            f"/rencontres/{self.slug}.ics",
            *(f"/inscriptions/{reference}?token={token}" for reference, token in self.links.values()),
        ]
        answers = [await self.http.get(page) for page in pages]
        for reference, token in self.links.values():
            bearer = {"Authorization": f"Bearer {token}"}
            answers.append(await self.http.get(f"/api/v1/registrations/{reference}", headers=bearer))
        listed = [
            one["seats"] for one in (await self.http.get("/api/v1/meetups")).json()["items"] if one["slug"] == self.slug
        ]
        return [str(listed), *(self._seen(answer) for answer in answers)]

    async def mailed(self, name: str) -> list[str]:
        """Open the link of the mail to an address of one's own."""
        reference, _ = self.links[name]
        token = await self.house.token(reference)
        self.words[token] = f"{name} MAILED"
        own = f"/inscriptions/{reference}"
        pages = (f"{own}/?token={token}", f"{own}/annuler?token={token}")
        return [self._seen(await self.http.get(page)) for page in pages]

    def _seen(self, answer: httpx.Response) -> str:
        text = f"{answer.status_code} {answer.text}".replace("\r\n ", "")  # calendars fold their lines
        for mine, stands_for in {**self.words, str(self.meetup_id): "MEETUP", self.slug: "SLUG"}.items():
            text = text.replace(mine, stands_for)
        text = re.sub(r'"trace_id":"[0-9a-f]{32}"', '"trace_id":"TRACE"', text)  # there when something records traces
        return re.sub(r'(name="idempotency_key" value=)"[^"]+"', r'\1"NEW"', text)


@pytest.fixture
def worlds(house: House, http: httpx.AsyncClient, admission: Admission) -> "Worlds":
    return Worlds(house, http, admission)


@dataclass
class Worlds:
    """Makes the two meetups."""

    house: House
    http: httpx.AsyncClient
    admission: Admission

    async def two(
        self, *, capacity: int, before: Sequence[int], after: Sequence[int] = (), online: int | None = None
    ) -> tuple[Stranger, Stranger]:
        """Register `before`, the target or somebody in their stead, and `after`, in that order."""
        strangers = []
        for known in (TARGET, OTHER):
            meetup = (await self.house.meetup(capacity=capacity, online=online)).meetup
            for person in (*before, known, *after):
                await self.admission.ask(application_of(meetup.id, person))
            strangers.append(Stranger(self.house, self.http, meetup.id, meetup.slug))
        return strangers[0], strangers[1]


async def _alike(first: Stranger, second: Stranger) -> list[str]:
    seen = await first.look()
    assert seen == await second.look()
    return seen


@pytest.mark.parametrize(("capacity", "before"), [(2, [10]), (1, [10]), (1, [10, 11, 12])])
async def test_on_a_full_meetup_neither_ranks_nor_numbers_tell_who_was_registered(
    worlds: Worlds, capacity: int, before: list[int]
) -> None:
    first, second = await worlds.two(capacity=capacity, before=before)
    true = await worlds.house.balance(first.meetup_id)
    await _alike(first, second)
    for person in (TARGET, LAST, TARGET):
        assert await first.register(person) == await second.register(person)
        await _alike(first, second)
    assert await first.mailed("LINK1") == await second.mailed("LINK1")
    taken, waiting = await worlds.house.balance(first.meetup_id)
    assert (taken, waiting) == (true[0], true[1] + 1), "nobody but the last came"


async def test_free_seats_go_down_for_a_decoy_as_for_a_registration_until_its_hold_ends(worlds: Worlds) -> None:
    first, second = await worlds.two(capacity=5, before=[10])
    house = worlds.house
    for person in (TARGET, LAST):
        assert await first.register(person) == await second.register(person)
    assert '"free":1' in (await _alike(first, second))[1]
    for stranger in (first, second):
        await house.rows(
            "UPDATE registrations SET status = 'confirmed', expires_at = NULL WHERE meetup_id = $1 AND locale = 'fr'",
            stranger.meetup_id,
        )
    house.clock.advance(timedelta(hours=47))
    await expire_due(house.work)
    assert '"free":1' in (await _alike(first, second))[1]
    house.clock.advance(timedelta(hours=1))
    await expire_due(house.work)
    assert '"free":3' in (await _alike(first, second))[1]
    assert await oversold(house.work) == 0


async def test_a_seat_that_nobody_waits_for_seems_to_be_offered_to_who_only_seems_to_wait(worlds: Worlds) -> None:
    first, second = await worlds.two(capacity=2, before=[10])
    house = worlds.house
    for stranger in (first, second):
        await stranger.register(TARGET)
        await _give_back(house, stranger, 10)
    seen = await _alike(first, second)
    assert '"status":"offered"' in seen[-1]
    assert '"free":0,"waiting":0' in seen[1]
    [offer] = await house.rows("SELECT expires_at FROM registrations WHERE status = 'offered'")
    [decoy] = await house.rows("SELECT expires_at FROM decoys")
    assert decoy == offer
    house.clock.moment = offer["expires_at"]
    await expire_due(house.work)
    first.links.clear()  # these links live for a day, an offer for longer
    second.links.clear()
    await _alike(first, second)
    assert [row["status"] for row in await house.rows("SELECT status FROM decoys")] == ["expired"]
    assert await oversold(house.work) == 0


async def test_those_before_a_decoy_are_offered_seats_and_it_moves_up(worlds: Worlds) -> None:
    first, second = await worlds.two(capacity=2, before=[10, 11, 12, 13])
    for stranger in (first, second):
        await stranger.register(TARGET)
    for person, rank in ((10, 3), (11, 2)):
        for stranger in (first, second):
            await _give_back(worlds.house, stranger, person)
        assert f'"position":{rank}' in (await _alike(first, second))[-1]


async def test_who_is_passed_by_somebody_behind_seems_to_have_been_offered_a_seat(
    house: House, admission: Admission, worlds: Worlds
) -> None:
    stranger, _ = await worlds.two(capacity=2, before=[10])
    await stranger.register(TARGET)
    behind = [(await admission.ask(application_of(stranger.meetup_id, person))).receipt for person in (98, 99)]
    assert [receipt.position for receipt in behind] == [2, 3]
    await _give_back(house, stranger, 10)
    decoy = (await stranger.look())[-1]
    assert '"status":"offered"' in decoy
    rows = await house.rows("SELECT status FROM registrations WHERE waiting_number IS NOT NULL ORDER BY waiting_number")
    assert [row["status"] for row in rows] == ["offered", "waitlisted"], "nobody waits for a decoy"
    await house.balance(stranger.meetup_id)


async def test_while_the_last_seat_only_seems_taken_the_next_one_still_gets_it(
    house: House, admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=2)).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    await admission.ask(application_of(meetup_id, 1, key="again"))
    assert (await meetups.get(house.work, meetup_id)).seats.announced == 0
    assert (await admission.ask(application_of(meetup_id, 2))).receipt.status == "held"
    assert (await meetups.get(house.work, meetup_id)).seats.announced == 0
    assert (await admission.ask(application_of(meetup_id, 3))).receipt.position == 1


async def test_organisers_see_the_numbers_as_they_are(
    worlds: Worlds, admin: dict[str, str], http: httpx.AsyncClient
) -> None:
    stranger, _ = await worlds.two(capacity=1, before=[10])
    await stranger.register(TARGET)
    changed = await http.patch(f"/api/v1/meetups/{stranger.meetup_id}", json={"title": "IA"}, headers=admin)
    assert (changed.json()["seats"]["waiting"], changed.json()["rooms"][0]["waiting"]) == (1, 1)
    everybody = await http.get(f"/api/v1/meetups/{stranger.meetup_id}")
    assert everybody.json()["seats"]["waiting"] == 2


async def test_a_meetup_called_off_or_with_one_room_less_has_no_decoys_left(
    house: House, worlds: Worlds, admission: Admission
) -> None:
    called_off, _ = await worlds.two(capacity=1, before=[10])
    smaller, _ = await worlds.two(capacity=1, before=[10], online=1)
    await called_off.register(TARGET)
    await smaller.register(TARGET, mode="online")
    await meetups.cancel(house.work, called_off.meetup_id, by=ADMIN)
    await meetups.change(house.work, smaller.meetup_id, Changes(attendance_mode="onsite"), by=ADMIN)
    assert [tuple(row) for row in await house.rows("SELECT status, expires_at FROM decoys")] == [
        ("cancelled", None)
    ] * 2
    for stranger in (called_off, smaller):
        await house.balance(stranger.meetup_id)
        assert '"status":"cancelled"' in (await stranger.look())[-1]


async def test_a_place_in_line_outlasts_what_it_says_of_anybody(house: House, worlds: Worlds) -> None:
    first, second = await worlds.two(capacity=1, before=[10])
    for stranger in (first, second):
        await stranger.register(TARGET)
        await house.rows(
            "UPDATE registrations SET status = 'confirmed', expires_at = NULL WHERE meetup_id = $1 AND status = 'held'",
            stranger.meetup_id,
        )
    house.clock.advance(timedelta(hours=73))
    await purge(house.work)
    [decoy] = await house.rows("SELECT person_id, full_name, status FROM decoys")
    assert tuple(decoy) == (None, None, "waitlisted")
    first.links.clear()
    second.links.clear()
    assert '"waiting":2' in (await _alike(first, second))[1]
    house.clock.moment = STARTS + timedelta(days=31)
    await purge(house.work)
    assert not await house.rows("SELECT FROM decoys")
    await _alike(first, second)


@pytest.mark.parametrize("seed", range(4))
async def test_ranks_have_no_gaps_and_no_number_of_decoys_changes_what_becomes_of_anybody(
    house: House, admission: Admission, seed: int
) -> None:
    plain, haunted = [(await house.meetup(capacity=3)).meetup.id for _ in range(2)]
    chance = Random(seed)
    for step in range(60):
        act = chance.choice(["come", "come", "again", "again", "leave", "confirm", "resize", "wait"])
        here = [email for email, status, _ in await _fates(house, haunted) if status not in {"cancelled", "expired"}]
        match act:
            case "again" if here:
                person = int(chance.choice(here).removeprefix("person").removesuffix("@firm.example"))
                await admission.ask(application_of(haunted, person, key=f"again {step}"))
            case "leave" | "confirm" if here:
                email = chance.choice(here)
                for meetup_id in (plain, haunted):
                    await _use(house, meetup_id, email, registering.cancel if act == "leave" else registering.confirm)
            case "resize":
                capacity = chance.randint(2, 5)
                for meetup_id in (plain, haunted):
                    await _resize(house, meetup_id, capacity)
            case "wait":
                house.clock.advance(timedelta(hours=chance.choice((5, 30))))
                await expire_due(house.work)
            case _:
                for meetup_id in (plain, haunted):
                    await admission.ask(application_of(meetup_id, step))
        assert await _fates(house, plain) == await _fates(house, haunted)
        assert await house.balance(plain) == await house.balance(haunted)
        await _ranks_have_no_gaps(house, haunted)
    assert await house.rows("SELECT FROM decoys WHERE status = 'expired'"), "no decoy lived to its end"


async def _give_back(house: House, stranger: Stranger, person: int) -> None:
    await _use(house, stranger.meetup_id, f"person{person}@firm.example", registering.cancel)


async def _use(house: House, meetup_id: UUID, email: str, act: Callable[..., Awaitable[object]]) -> None:
    [row] = await house.rows(
        """SELECT reference FROM registrations AS r JOIN people AS p ON p.id = r.person_id
           WHERE meetup_id = $1 AND email = $2 ORDER BY r.id DESC LIMIT 1""",
        meetup_id,
        email,
    )
    with suppress(Refusal):
        await act(house.work, reference=row["reference"], token=await house.token(row["reference"]))


async def _resize(house: House, meetup_id: UUID, capacity: int) -> None:
    with suppress(Refusal):
        await meetups.change(house.work, meetup_id, Changes(capacity=capacity), by=ADMIN)


async def _fates(house: House, meetup_id: UUID) -> list[tuple[str, str, object]]:
    """Address, status and deadline of all, in order of arrival."""
    rows = await house.rows(
        """SELECT p.email, r.status, r.expires_at FROM registrations AS r JOIN people AS p ON p.id = r.person_id
           WHERE meetup_id = $1 ORDER BY r.id""",
        meetup_id,
    )
    return [tuple(row) for row in rows]


async def _ranks_have_no_gaps(house: House, meetup_id: UUID) -> None:
    line = await house.rows(
        """SELECT waiting_number FROM registrations WHERE meetup_id = $1 AND status = 'waitlisted'
           UNION ALL SELECT waiting_number FROM decoys WHERE meetup_id = $1 AND status = 'waitlisted' ORDER BY 1""",
        meetup_id,
    )
    async with house.work.database.connection() as connection:
        numbers = [row["waiting_number"] for row in line]
        ranks = await queries.ranks_in_line.fetch(connection, [meetup_id] * len(line), ["onsite"] * len(line), numbers)
    shown = (await meetups.get(house.work, meetup_id)).seats.announced_waiting
    assert [row["rank"] for row in ranks] == list(range(1, shown + 1))
