"""What a visitor is told about seats, whatever state the ledger is in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.territories import TERRITORIES
from services.registration.domain.ledgers import Ledger
from services.registration.domain.meetups import Meetup, Part, Programme, led, occasion
from services.registration.pages import showing
from services.registration.pages.views import Seats
from services.registration.store.meetups import Organiser, Sheet
from tests.unit.registration.pages.gallery import MAMOUDZOU

STARTS = datetime(2027, 2, 4, 6, 0, tzinfo=UTC)
BEFORE, DURING, AFTER = STARTS - timedelta(days=30), STARTS + timedelta(hours=1), STARTS + timedelta(hours=3)

_LEAD = Organiser(organisation_id=MAMOUDZOU.id, role="lead", name="CCI Mayotte", kind="cci")
_AT = occasion(
    territory="976",
    timezone=None,
    starts_local=MAMOUDZOU.starts,
    ends_local=MAMOUDZOU.ends,
    closes_local=None,
    venue_name=MAMOUDZOU.venue,
    venue_address=MAMOUDZOU.address,
)
SHEET = Sheet(
    meetup=Meetup(
        id=MAMOUDZOU.id,
        version=1,
        slug=MAMOUDZOU.slug,
        status="published",
        territory="976",
        occasion=_AT,
        programme=Programme(title="IA", description="Un.\n\nDeux.", format="workshop", attendance_mode="onsite"),
        organisers=led([Part(organisation_id=_LEAD.organisation_id, role="lead")]),
        calendar_sequence=0,
        demo=False,
        changed_at=BEFORE,
    ),
    seats=Ledger(
        meetup_id=MAMOUDZOU.id,
        mode="onsite",
        territory="976",
        status="published",
        timezone="Indian/Mayotte",
        starts_at=STARTS,
        closes_at=STARTS,
        capacity=20,
        overbooking_percent=15,
    ),
    organisers=(_LEAD,),
)


@pytest.mark.parametrize(
    ("ledger", "now", "told"),
    [
        ({"taken": 0}, BEFORE, Seats(availability="open", left=20)),
        ({"taken": 22}, BEFORE, Seats(availability="open", left=1)),
        ({"taken": 23}, BEFORE, Seats(availability="waiting")),
        ({"taken": 23, "waiting": 4}, BEFORE, Seats(availability="waiting", waiting=4)),
        # A seat was just released: it belongs to who waits, and nobody new gets it.
        ({"taken": 22, "waiting": 4}, BEFORE, Seats(availability="waiting", waiting=4)),
        ({"closes_at": BEFORE}, BEFORE, Seats(availability="closed")),
        ({}, DURING, Seats(availability="closed")),
        ({}, AFTER, Seats(availability="past")),
    ],
)
def test_the_state_of_the_seats_in_a_word(ledger: dict[str, int | datetime], now: datetime, told: Seats) -> None:
    sheet = replace(SHEET, seats=replace(SHEET.seats, **ledger))  # type: ignore[arg-type]
    assert showing.meetup(sheet, now=now).seats == told


def test_cancelled_outweighs_all_else() -> None:
    sheet = replace(SHEET, meetup=replace(SHEET.meetup, status="cancelled"))
    assert showing.meetup(sheet, now=AFTER).seats == Seats(availability="cancelled")


def test_lines_of_a_description_are_paragraphs() -> None:
    assert showing.meetup(SHEET, now=BEFORE).description == ("Un.", "Deux.")


def test_the_filter_lists_every_territory_once_under_its_region() -> None:
    listed = [(region.name, choice.code) for region in showing.regions() for choice in region.territories]
    assert sorted(code for _, code in listed) == sorted(TERRITORIES)
    assert ("Corse", "2A") in listed
    assert ("Mayotte", "976") in listed


def test_months_are_those_of_the_venues_calendar() -> None:
    new_year_in_wallis = replace(
        SHEET,
        meetup=replace(
            SHEET.meetup,
            occasion=replace(_AT, starts_local=datetime(2027, 1, 1, 8, 0)),  # noqa: DTZ001 - a wall time
        ),
    )
    shown = showing.months([new_year_in_wallis, SHEET], now=BEFORE)
    assert [(month.first_day.year, month.first_day.month) for month in shown] == [(2027, 1), (2027, 2)]


def test_regions_stand_in_french_order_whatever_their_accents() -> None:
    names = [region.name for region in showing.regions()]
    assert names.index("Hauts-de-France") < names.index("Île-de-France") < names.index("La Réunion")
