"""The story the demo tells: 200 people for 120 seats with 15 % overbooking. Every number is read back from the network, none assumed."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from local.demo.mailbox import POLL, Listed, Mailbox
from local.demo.people import DemoPerson, people
from local.demo.site import Receipt, Site
from local.demo.teller import Teller
from local.failure import Failure

TERRITORY = "976"
PEOPLE = 200
CAPACITY = 120
OVERBOOKING = 15
ATTENDING = 96
AT_ONCE = 40
SETTLED_WITHIN = 60.0
HOPS = (
    "registration/api",
    "registration/relay",
    "registration/worker",
    "notifications/worker",
    "notifications/sender",
    "analytics/projector",
)

Done = TypeVar("Done")


class UnexpectedOutcomeError(Failure):
    """The network did something else than it promises; the message says what."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What there is to look at afterwards."""

    meetup: dict[str, Any]
    reference: str


async def tell(site: Site, teller: Teller, *, console_url: str, analytics_url: str) -> Ending:
    """Drive a whole meetup. Raises a Failure when something is not as it should be."""
    run = uuid4().hex[:6]
    mailbox = Mailbox(site, console_url=console_url, ending=f".{run}@demo.example")
    meetup = await _meetup(site, teller, run)
    receipts = await _register(site, teller, meetup, list(people(PEOPLE, seed=run)))
    held = [receipt for receipt in receipts if receipt.status == "held"]
    first_mails = await teller.wait("Everybody gets a mail", mailbox.wait_for(PEOPLE))
    links = await _links(teller, mailbox, first_mails, {receipt.reference for receipt in held})
    await _confirm(site, teller, links)
    mails = await teller.wait("Calendar invitations arrive", mailbox.wait_for(PEOPLE + len(held)))
    _count_mails(teller, mails)
    organiser = Mailbox(site, console_url=console_url, ending=_organiser(run))
    # One for each registration, as this organiser wishes, and one when the last seat was taken.
    told = await teller.wait("The organiser is told", organiser.wait_for(PEOPLE + 1))
    teller.fact("mails to the organiser", len(told), "each registration, and that the meetup is full")
    attending = [receipt.reference for receipt in held][:ATTENDING]
    results = Counter(await site.check_in(meetup["id"], attending))
    _expect(results == {"checked_in": ATTENDING}, f"check-in answered {dict(results)}")
    teller.fact("checked in at the door, through the API", ATTENDING)
    figures = await teller.wait("The report follows", _report(site, analytics_url, meetup["id"], attended=ATTENDING))
    teller.report(figures)
    reference = attending[0]
    way = await teller.wait("The trace is complete", _trace(site, console_url, reference))
    teller.trace(reference, way)
    return Ending(meetup, reference)


def _organiser(run: str) -> str:
    return f"cci.{run}@organisateur.example"


async def _meetup(site: Site, teller: Teller, run: str) -> dict[str, Any]:
    organisation_id = await site.declare_organisation(
        name="CCI Mayotte (démonstration)",
        kind="cci",
        email=_organiser(run),
        new_registration_mail="each",
    )
    meetup = await site.publish_meetup(
        title=f"L’IA dans les petites entreprises de Mayotte, démonstration {run}",
        territory=TERRITORY,
        organisation_id=organisation_id,
        capacity=CAPACITY,
        overbooking_percent=OVERBOOKING,
    )
    teller.title(
        f"{meetup['title']}: {CAPACITY} seats, {OVERBOOKING} % overbooking", f"{site.url}/rencontres/{meetup['slug']}"
    )
    return meetup


async def _register(site: Site, teller: Teller, meetup: dict[str, Any], crowd: Sequence[DemoPerson]) -> list[Receipt]:
    began = time.perf_counter()
    receipts = await _crowd(
        teller,
        f"{PEOPLE} people register, {AT_ONCE} at a time",
        [
            partial(
                site.register,
                meetup["id"],
                name=person.name,
                email=person.email,
                headcount=person.headcount,
                locale=person.locale,
            )
            for person in crowd
        ],
    )
    seconds = time.perf_counter() - began
    statuses = Counter(receipt.status for receipt in receipts)
    allowed = CAPACITY + CAPACITY * OVERBOOKING // 100
    _expect(statuses == {"held": allowed, "waitlisted": PEOPLE - allowed}, f"seats were given as {dict(statuses)}")
    positions = sorted(receipt.position or 0 for receipt in receipts if receipt.status == "waitlisted")
    _expect(positions == list(range(1, PEOPLE - allowed + 1)), "the waiting list has gaps or doubles")
    teller.fact("seats taken", allowed, f"{CAPACITY} + {OVERBOOKING} %; in {seconds:.1f} s")
    teller.fact(
        "waiting, in order of arrival", PEOPLE - allowed, f"places {positions[0]} to {positions[-1]}, none twice"
    )
    return receipts


async def _links(teller: Teller, mailbox: Mailbox, mails: Sequence[Listed], held: set[str]) -> list[tuple[str, str]]:
    opened = await _crowd(teller, "They open their mail", [partial(mailbox.link, mail) for mail in mails])
    links = [(reference, token) for reference, token in opened if reference in held]
    _expect(len(links) == len(held), f"{len(links)} of {len(held)} seats have their link in a mail")
    return links


async def _confirm(site: Site, teller: Teller, links: Sequence[tuple[str, str]]) -> None:
    statuses = Counter(
        await _crowd(
            teller,
            "They confirm by the link",
            [partial(site.confirm, reference, token=token) for reference, token in links],
        )
    )
    _expect(statuses == {"confirmed": len(links)}, f"confirming gave {dict(statuses)}")
    teller.fact("seats confirmed", len(links))


def _count_mails(teller: Teller, mails: Sequence[Listed]) -> None:
    kinds = Counter(mail.recipient for mail in mails)
    teller.fact("mails to attendees", len(mails), f"{len(kinds)} people, at most {max(kinds.values())} each")


async def _report(site: Site, analytics_url: str, meetup_id: str, *, attended: int) -> dict[str, Any]:
    async def read() -> dict[str, Any] | None:
        answer = await site.get(f"{analytics_url}/api/v1/statistics?by=meetup&territory={TERRITORY}")
        rows: dict[str, dict[str, Any]] = {row["key"]: row["figures"] for row in answer["rows"]}
        found = rows.get(meetup_id)
        return found if found is not None and found["attended"] == attended else None

    return await _until(read, what="the report does not show the attendance")


async def _trace(site: Site, console_url: str, reference: str) -> dict[str, Any]:
    async def read() -> dict[str, Any] | None:
        story: dict[str, Any] = await site.get(f"{console_url}/api/references/{reference}")
        seen = {f"{span['service']}/{span['process']}" for span in story["spans"]}
        known = {span["span_id"] for span in story["spans"]}
        whole = all(
            span["shared"] or not span["parent_span_id"] or span["parent_span_id"] in known for span in story["spans"]
        )
        return story if whole and seen.issuperset(HOPS) else None

    return await _until(read, what=f"the trace of {reference} lacks a hop")


async def _until(read: Callable[[], Awaitable[Done | None]], *, what: str) -> Done:
    deadline = time.monotonic() + SETTLED_WITHIN
    while (found := await read()) is None:
        if time.monotonic() > deadline:
            raise UnexpectedOutcomeError(f"{what} after {SETTLED_WITHIN:.0f} s")
        await asyncio.sleep(POLL)
    return found


async def _crowd(teller: Teller, what: str, deeds: Sequence[Callable[[], Awaitable[Done]]]) -> list[Done]:
    """Do all of them, a bounded number at a time, in their order of beginning; show how far it is."""
    gate = asyncio.Semaphore(AT_ONCE)
    with teller.progress(what, total=len(deeds)) as advance:

        async def one(deed: Callable[[], Awaitable[Done]]) -> Done:
            async with gate:
                done = await deed()
            advance()
            return done

        return list(await asyncio.gather(*(one(deed) for deed in deeds)))


def _expect(condition: bool, message: str) -> None:
    if not condition:
        raise UnexpectedOutcomeError(message)
