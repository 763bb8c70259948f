"""The programme of any month: the same for ever, because every choice is drawn from a seed made of territory, town and month."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict

from contracts.meetup import OrganiserRole
from contracts.organisation import NewRegistrationMail
from contracts.territories import TERRITORIES
from services.registration.demo_programme.monthly_rule import MonthlyRule, months_from
from services.registration.domain.facets import Facets
from services.registration.domain.meetups import AttendanceMode

NAMESPACE = uuid5(NAMESPACE_URL, "https://rencontres.example/demo")
MARK = "(démonstration)"

_HOURS = {
    "cafe_ia": (("08:30", 60), ("17:30", 60)),
    "demo": (("10:00", 120), ("17:00", 120)),
    "matchmaking": (("09:00", 180), ("14:00", 210)),
    "talk": (("12:15", 90), ("18:00", 120)),
    "tour_stage": (("09:00", 480),),
    "workshop": (("09:00", 120), ("09:00", 180), ("14:00", 150)),
}
_CAPACITIES = {
    "cafe_ia": (20, 25, 30),
    "demo": (30, 40, 60),
    "matchmaking": (60, 80, 100, 120),
    "talk": (60, 80, 120, 150),
    "tour_stage": (200, 250, 300),
    "workshop": (20, 24, 30, 40),
}
_ONLINE = 200
_EARLIER_IN_THE_TROPICS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrganisation:
    """An organiser nobody will ever reach: its address is under `.example` (RFC 2606)."""

    id: UUID
    name: str
    kind: str
    email: str
    new_registration_mail: NewRegistrationMail


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMeetup:
    """A meetup at wall times of its venue."""

    id: UUID
    slug: str
    territory: str
    title: str
    description: str
    format: str
    attendance_mode: AttendanceMode
    timezone: str
    starts_local: datetime
    ends_local: datetime
    venue_name: str
    venue_address: str
    capacity: int
    overbooking_percent: int
    online_capacity: int | None = None
    organisers: tuple[tuple[UUID, OrganiserRole], ...]
    facets: Facets


def organisations() -> list[DemoOrganisation]:
    """Return a chamber for each territory, and Bpifrance beside them."""
    chambers = [
        DemoOrganisation(
            id=_chamber_id(territory.code),
            name=f"CCI {territory.name} {MARK}",
            kind="cci",
            email=f"rencontres-ia@cci-{territory.code.lower()}.example",
            new_registration_mail="each",
        )
        for territory in TERRITORIES.values()
    ]
    bpifrance = DemoOrganisation(
        id=_bpifrance_id(),
        name=f"Bpifrance {MARK}",
        kind="bpifrance",
        email="rencontres-ia@bpifrance-demo.example",
        new_registration_mail="hourly",
    )
    return [*chambers, bpifrance]


def meetups(*, today: date, months: int) -> list[DemoMeetup]:
    """Return all that take place after `today`, in its month and the `months` that follow, by day."""
    found = (
        _of_month(series, year, month) for series in _places().series for year, month in months_from(today, months + 1)
    )
    return sorted(
        (meetup for meetup in found if meetup.starts_local.date() > today), key=lambda m: (m.starts_local, m.slug)
    )


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Series(_Row):
    territory: str
    town: str
    timezone: str
    settings: tuple[str, ...]


class _Places(_Row):
    series: tuple[_Series, ...]
    venues: tuple[str, ...]
    overseas_venues: tuple[str, ...]


class _Theme(_Row):
    setting: str
    format: str
    title: str
    description: str
    audiences: tuple[str, ...]
    level: str
    sectors: tuple[str, ...] = ()
    needs: tuple[str, ...]


class _Themes(_Row):
    themes: tuple[_Theme, ...]


def _of_month(series: _Series, year: int, month: int) -> DemoMeetup:
    draw = _draw(series, f"{year}-{month:02}")
    theme = _theme(series, year * 12 + month)
    hour, minutes = draw.choice(_HOURS[theme.format])
    overseas = TERRITORIES[series.territory].overseas
    starts = datetime.combine(_rule(series).day(year, month), time.fromisoformat(hour))
    if overseas and series.territory != "975":
        starts -= _EARLIER_IN_THE_TROPICS
    slug = f"{_plain(series.town)}-{year}-{month:02}"
    mode = _mode(theme, draw)
    venue = draw.choice(_places().overseas_venues if overseas else _places().venues)
    address = f"{draw.randint(1, 48)} rue de l’Exemple, {series.town} (adresse fictive)"
    partners: tuple[tuple[UUID, OrganiserRole], ...] = ((_bpifrance_id(), "co"),)
    return DemoMeetup(
        id=uuid5(NAMESPACE, slug),
        slug=slug,
        territory=series.territory,
        title=theme.title,
        description=theme.description,
        format=theme.format,
        attendance_mode=mode,
        timezone=series.timezone,
        starts_local=starts,
        ends_local=starts + timedelta(minutes=minutes),
        venue_name=venue if mode != "online" else "En ligne",
        venue_address=address if mode != "online" else "Lien envoyé aux personnes inscrites (adresse fictive)",
        capacity=draw.choice(_CAPACITIES[theme.format]),
        online_capacity=_ONLINE if mode == "hybrid" else None,
        overbooking_percent=0 if theme.format == "cafe_ia" else draw.choice((0, 10, 15, 20)),
        organisers=((_chamber_id(series.territory), "lead"), *(partners if draw.random() < 0.7 else ())),
        facets=Facets(audiences=theme.audiences, level=theme.level, sectors=theme.sectors, needs=theme.needs),
    )


def _mode(theme: _Theme, draw: Random) -> AttendanceMode:
    drawn = draw.random() if theme.format == "talk" else 1
    return "hybrid" if drawn < 0.3 else "online" if drawn < 0.5 else "onsite"


def _rule(series: _Series) -> MonthlyRule:
    draw = _draw(series, "rule")
    return MonthlyRule(ordinal=draw.choice((1, 2, 2, 3, 3)), weekday=draw.choice((1, 2, 3, 3)))


def _theme(series: _Series, number_of_month: int) -> _Theme:
    """One theme a month, in an order of the series' own, so that none comes back before all the others were there."""
    fitting = [theme for theme in _themes() if theme.setting in series.settings]
    _draw(series, "themes").shuffle(fitting)
    return fitting[number_of_month % len(fitting)]


def _draw(series: _Series, purpose: str) -> Random:
    return Random(f"{series.territory}/{series.town}/{purpose}")  # noqa: S311 - a programme to look at, not a secret


def _chamber_id(territory: str) -> UUID:
    return uuid5(NAMESPACE, f"cci/{territory}")


def _bpifrance_id() -> UUID:
    return uuid5(NAMESPACE, "bpifrance")


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


@cache
def _places() -> _Places:
    return _Places.model_validate_json(_read("places.json"))


@cache
def _themes() -> tuple[_Theme, ...]:
    return _Themes.model_validate_json(_read("themes.json")).themes


def _read(name: str) -> bytes:
    return files("services.registration.demo_programme").joinpath(name).read_bytes()
