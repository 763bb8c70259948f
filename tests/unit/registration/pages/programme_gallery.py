"""The programme in every state, made of made-up views."""

# ruff: noqa: DTZ001 - wall times of venues

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from contracts.vocabularies import NEEDS, SECTORS
from services.registration.pages import showing
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.programme import filtering
from services.registration.pages.programme.views import (
    Beginning,
    Clock,
    Day,
    Group,
    Listing,
    MonthTable,
    Proposed,
    Relief,
)
from services.registration.pages.programme.wanted import Wanted
from services.registration.pages.rendering import page
from services.registration.pages.views import Meetup, Month, Seats
from services.registration.pages.visits import Visit

TODAY = date(2026, 11, 23)
BECAUSE = "Parce qu’elle parle de ce que vous cherchez et qu’il reste des places."


def every_programme_page(texts: Catalogue, mamoudzou: Meetup, taiohae: Meetup, lille: Meetup) -> Mapping[str, str]:
    """Render every page in every state in one language: HTML by name."""
    months = (
        Month(first_day=datetime(2027, 2, 1), meetups=(mamoudzou, taiohae)),
        Month(
            first_day=datetime(2027, 3, 1),
            meetups=(lille, replace(lille, slug="x", seats=Seats(availability="cancelled"))),
        ),
    )
    region = Group(heading="Dans la même région\u202f: Hauts-de-France", meetups=(lille,))
    online = Group(heading="En ligne", meetups=(replace(lille, slug="y"),), more="/?mode=online")
    listings = {
        "programme": _listing(texts, Wanted(), months=months, found=57, later="/?apres=cursor"),
        "programme-of-a-territory": _listing(
            texts, Wanted(territoire="976"), months=months[:1], found=2, groups=(online,)
        ),
        "programme-later-page": _listing(texts, Wanted(), months=months, found=57, first="/"),
        "programme-filtered": _listing(
            texts,
            Wanted(territoire="59", quand="2027-03", niveau="practice", mode="online"),
            months=months[1:],
            found=2,
        ),
        "programme-words": _listing(texts, Wanted(q="devis"), best=(mamoudzou, lille), found=2),
        "programme-many-words": _listing(
            texts, Wanted(q="IA <b>"), best=(mamoudzou, lille), found=57, by_date="/?q=IA&tri=date"
        ),
        "programme-three-clocks": _listing(
            texts,
            Wanted(territoire="987"),
            months=months[:1],
            found=2,
            clocks=(Clock(name="heure de Tahiti", href="/", here=True), Clock(name="Marquises", href="/", here=False)),
        ),
        "programme-empty-nearby": _listing(texts, Wanted(territoire="02"), groups=(region, online)),
        "programme-empty-filters": _listing(
            texts,
            Wanted(territoire="59", niveau="advanced"),
            reliefs=(Relief(label="Nord", count=12, href="/"), Relief(label="Avancé", count=1, href="/")),
            groups=(online,),
        ),
        "programme-empty-words": _listing(texts, Wanted(q="zzz")),
        "programme-empty": _listing(texts, Wanted()),
        "programme-unknown-territory": _listing(texts, Wanted(territoire="20"), months=months, found=4),
        "programme-postal-code": _listing(texts, Wanted(territoire="97150"), months=months, found=4),
        "programme-past": _listing(texts, Wanted(), months=months[::-1], found=4, past=True, later="/?apres=cursor"),
        "programme-past-empty": _listing(texts, Wanted(), past=True),
    }
    return {
        **{name: _page("listing", texts, programme=listing) for name, listing in listings.items()},
        "month": _page("month", texts, month=_month(texts, Wanted(), mamoudzou, taiohae)),
        "month-of-a-territory": _page("month", texts, month=_month(texts, Wanted(territoire="976"), mamoudzou)),
        "month-empty": _page("month", texts, month=_month(texts, Wanted(niveau="advanced"))),
        "beginning": _page("beginning", texts, beginning=_beginning(texts, Wanted())),
        "beginning-proposals": _page(
            "beginning",
            texts,
            beginning=_beginning(
                texts,
                Wanted(besoin="where_to_start", territoire="976"),
                Proposed(meetup=mamoudzou, because=BECAUSE),
                Proposed(meetup=lille, because=BECAUSE),
            ),
        ),
        "beginning-none": _page("beginning", texts, beginning=_beginning(texts, Wanted(besoin="legal"))),
    }


def _listing(
    texts: Catalogue, wanted: Wanted, *, months: tuple[Month, ...] = (), found: int = 0, **more: object
) -> Listing:
    listing = Listing(
        search=filtering.search(wanted, Visit(texts, "/"), path="/", today=TODAY),
        found=found,
        months=months,
        postal_code=wanted.postal_code,
        unknown_territory=wanted.unknown_territory,
        calendar="/calendrier/2027-02",
    )
    return replace(listing, **more)  # type: ignore[arg-type]


def _month(texts: Catalogue, wanted: Wanted, *meetups: Meetup) -> MonthTable:
    path = "/calendrier/2027-02"
    days = [Day(date=date(2027, 2, number), inside=True, today=number == 3) for number in range(1, 8)]
    if meetups:
        days[3] = replace(days[3], meetups=meetups, others=9, all="/?quand=2027-02-04")
    days[6] = replace(days[6], inside=False)
    return MonthTable(
        search=filtering.search(wanted, Visit(texts, path), path=path, today=TODAY, of_a_month=True),
        first_day=date(2027, 2, 1),
        weeks=(tuple(days),),
        weekdays=tuple(
            (name, name[:3]) for name in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
        ),
        found=len(meetups),
        before="/calendrier/2027-01",
        after="/calendrier/2027-03",
        before_name="Janvier 2027",
        after_name="Mars 2027",
        list="/?quand=2027-02",
    )


def _beginning(texts: Catalogue, wanted: Wanted, *proposals: Proposed) -> Beginning:
    return Beginning(
        guest=Visit(texts, "/", wanted.territory or ""),
        needs=showing.choices(NEEDS, texts),
        sectors=showing.choices(SECTORS, texts),
        regions=showing.regions(),
        wanted=wanted,
        answered=bool(wanted.chosen),
        proposals=proposals,
        all="/?besoin=where_to_start",
    )


def _page(template: str, texts: Catalogue, **values: object) -> str:
    visit = Visit(texts, "/", statistics="/statistiques")
    return bytes(page(f"programme/{template}.html", visit, {"demo": True, **values}).body).decode()
