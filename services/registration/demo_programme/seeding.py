"""Puts the made-up programme into the registration service: same rules, same events as any meetup, in one transaction.

Doing it again adds what is missing and nothing else, so that the programme goes on as months pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis import telemetry
from chassis.sql import load_queries
from contracts import catalogue
from contracts.organisation import OrganisationState
from services.registration.demo_programme.generator import DemoMeetup, DemoOrganisation, meetups, organisations
from services.registration.domain.ledgers import Ledger
from services.registration.domain.meetups import Meetup, Part, Programme, led, occasion, publish
from services.registration.domain.rooms import arrange, modes_of
from services.registration.events import meetup_event, organisation_event
from services.registration.keywords import keywords_of
from services.registration.store.meetups import Organiser, Sheet
from services.registration.work import Transaction, Work

_queries = load_queries("services.registration.demo_programme")
_tracer = telemetry.tracer("demo_programme")

MONTHS = 3
_NOTICE = timedelta(days=2)
"""Nothing is announced for today or tomorrow: by the clock of some venue it may be over."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many were added."""

    organisations: int
    meetups: int


async def seed(work: Work, *, months: int = MONTHS) -> Seeded:
    """Add the programme of this month and the `months` after it."""
    with _tracer.start_as_current_span("seed demo programme"):
        async with work.transaction() as tx:
            now = tx.now()
            declared = organisations()
            sheets = _sheets(meetups(today=(now + _NOTICE).date(), months=months), declared, now=now)
            return Seeded(await _add_organisations(tx, declared, now=now), await _add_meetups(tx, sheets, now=now))


async def _add_organisations(tx: Transaction, declared: Sequence[DemoOrganisation], *, now: datetime) -> int:
    rows = await _queries.seed_organisations.fetch(
        tx.connection,
        [organisation.id for organisation in declared],
        [organisation.name for organisation in declared],
        [organisation.kind for organisation in declared],
        [organisation.email for organisation in declared],
        [organisation.new_registration_mail for organisation in declared],
        now,
    )
    added = {row["id"] for row in rows}
    tx.tell(
        organisation_event(
            OrganisationState(
                organisation_id=organisation.id,
                version=1,
                name=organisation.name,
                kind=organisation.kind,
                locale="fr",
                new_registration_mail=organisation.new_registration_mail,
                changed_at=now,
            ),
            trace=telemetry.current_trace(),
        )
        for organisation in declared
        if organisation.id in added
    )
    return len(added)


async def _add_meetups(tx: Transaction, sheets: Sequence[Sheet], *, now: datetime) -> int:
    columns = zip(*(_row(sheet) for sheet in sheets), strict=True)
    rows = await _queries.seed_meetups.fetch(tx.connection, *(list(column) for column in columns), now)
    ids = {row["id"] for row in rows}
    added = [sheet for sheet in sheets if sheet.meetup.id in ids]
    rooms = [room for sheet in added for room in sheet.rooms]
    await _queries.seed_rooms.execute(
        tx.connection,
        [room.meetup_id for room in rooms],
        [room.mode for room in rooms],
        [room.capacity for room in rooms],
        [room.overbooking_percent for room in rooms],
    )
    parts = [(sheet.meetup.id, part.organisation_id, part.role) for sheet in added for part in sheet.meetup.organisers]
    await _queries.seed_meetup_organisers.execute(
        tx.connection, [meetup for meetup, _, _ in parts], [who for _, who, _ in parts], [role for _, _, role in parts]
    )
    await _add_facets(tx, added)
    trace = telemetry.current_trace()
    tx.tell(meetup_event(catalogue.MEETUP_PUBLISHED, sheet, trace=trace) for sheet in added)
    return len(added)


async def _add_facets(tx: Transaction, added: Sequence[Sheet]) -> None:
    facets = [sheet.meetup.programme.facets for sheet in added]
    await _queries.seed_facets.execute(
        tx.connection,
        [sheet.meetup.id for sheet in added],
        [",".join(each.audiences) for each in facets],
        [each.level for each in facets],
        [",".join(each.sectors) for each in facets],
        [",".join(each.needs) for each in facets],
        [keywords_of(sheet.meetup) for sheet in added],
        [" ".join(organiser.name for organiser in sheet.organisers) for sheet in added],
    )


def _sheets(made_up: Sequence[DemoMeetup], declared: Sequence[DemoOrganisation], *, now: datetime) -> list[Sheet]:
    by_id = {organisation.id: organisation for organisation in declared}
    found = []
    for demo in made_up:
        meetup = publish(_draft(demo, now=now), now=now)
        organisers = tuple(
            Organiser(organisation_id=who, role=role, name=by_id[who].name, kind=by_id[who].kind)
            for who, role in demo.organisers
        )
        seats = Ledger(
            meetup_id=demo.id,
            mode=modes_of(demo.attendance_mode)[0],
            territory=demo.territory,
            status="published",
            timezone=demo.timezone,
            starts_at=meetup.occasion.starts_at,
            closes_at=meetup.occasion.closes_at,
            capacity=demo.capacity,
            overbooking_percent=demo.overbooking_percent,
        )
        rooms = arrange({seats.mode: seats}, demo.attendance_mode, online_capacity=demo.online_capacity)
        seats, *online = rooms.values()
        found.append(Sheet(meetup=meetup, seats=seats, online=online[0] if online else None, organisers=organisers))
    return found


def _draft(demo: DemoMeetup, *, now: datetime) -> Meetup:
    return Meetup(
        id=demo.id,
        version=0,
        slug=demo.slug,
        status="draft",
        territory=demo.territory,
        occasion=occasion(
            territory=demo.territory,
            timezone=demo.timezone,
            starts_local=demo.starts_local,
            ends_local=demo.ends_local,
            closes_local=None,
            venue_name=demo.venue_name,
            venue_address=demo.venue_address,
        ),
        programme=Programme(
            title=demo.title,
            description=demo.description,
            format=demo.format,
            attendance_mode=demo.attendance_mode,
            facets=demo.facets,
        ),
        organisers=led([Part(organisation_id=who, role=role) for who, role in demo.organisers]),
        calendar_sequence=0,
        join_url=None if demo.attendance_mode == "onsite" else f"https://visio.example/{demo.slug}",
        demo=True,
        changed_at=now,
    )


def _row(sheet: Sheet) -> tuple[object, ...]:
    """One meetup as `seed_meetups` takes it."""
    meetup, at, about = sheet.meetup, sheet.meetup.occasion, sheet.meetup.programme
    return (
        meetup.id,
        meetup.slug,
        meetup.territory,
        about.title,
        about.description,
        about.format,
        about.attendance_mode,
        at.timezone,
        at.starts_local,
        at.ends_local,
        at.closes_local,
        at.starts_at,
        at.ends_at,
        at.closes_at,
        at.venue_name,
        at.venue_address,
        meetup.join_url,
    )
