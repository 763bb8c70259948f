"""The filters as a form, the filters set as links that take them away, and the same search as feeds."""

from collections.abc import Iterator
from datetime import date, datetime

from contracts.territories import TERRITORIES
from services.registration.pages import moments, showing
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.programme.views import Chip, Clock, Feeds, Field, FilterForm, Relief, ShownSearch
from services.registration.pages.programme.wanted import MODES, NAMES, VOCABULARIES, Wanted
from services.registration.pages.views import Choice
from services.registration.pages.visits import Visit
from services.registration.pages.whereabouts import written
from services.registration.store.programme import Counts

MONTHS_AHEAD = 12


def search(wanted: Wanted, visit: Visit, *, path: str, today: date, of_a_month: bool = False) -> ShownSearch:
    """Return what a page says of its search. One that is of a month has no list of months, nor a link that takes the month away."""
    names = [name for name in wanted.chosen if not (of_a_month and name == "quand")]
    return ShownSearch(
        form=_form(wanted, visit, path=path, today=today, months=not of_a_month),
        chips=tuple(
            Chip(label=label(name, wanted, visit.texts), href=visit.at(path, **wanted.but(name))) for name in names
        ),
        territory=TERRITORIES[wanted.territory].name if wanted.territory else None,
        guest=visit.living(wanted.territory or ""),
        feeds=feeds(wanted, visit),
    )


def reliefs(wanted: Wanted, counts: Counts, visit: Visit, *, path: str) -> tuple[Relief, ...]:
    """Return the filters without which something is found, the most first."""
    helpful = sorted(counts.without.items(), key=lambda item: -item[1])
    return tuple(
        Relief(
            label=_plain(NAMES[missed], wanted, visit.texts),
            count=count,
            href=visit.at(path, **wanted.but(NAMES[missed])),
        )
        for missed, count in helpful
    )


def feeds(wanted: Wanted, visit: Visit) -> Feeds:
    """Return the addresses of the same search for programs."""
    query = wanted.but("quand")
    return Feeds(
        calendar=visit.at("/calendrier.ics", **query),
        atom=visit.at("/programme.atom", **query),
        json=visit.at("/programme.json", **query),
    )


def clocks(wanted: Wanted, visit: Visit, *, path: str) -> tuple[Clock, ...]:
    """Return the clocks of a territory that has several, for who lives by another than the first."""
    zones = TERRITORIES[wanted.territory].timezones if wanted.territory else ()
    if len(zones) < 2 or wanted.territory is None:
        return ()
    here = visit.living(wanted.territory).clock
    return tuple(
        Clock(
            name=str(visit.texts.text(f"clock.{zone}")),
            href=visit.at(path, **wanted.but(), chez=written(wanted.territory, zone)),
            here=zone == here,
        )
        for zone in zones
    )


def label(name: str, wanted: Wanted, texts: Catalogue) -> str:
    """Return what a filter asks for, in words."""
    value = wanted.chosen[name]
    if name == "territoire":
        return TERRITORIES[value].name
    if name == "q":
        return texts.plain("filter.words_chosen", words=value)
    if name == "quand" and wanted.days:
        first, last = wanted.days
        moment = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - a day of any place
        return moments.day(moment, texts) if first == last else moments.month(moment, texts)
    if name == "mode":
        return str(texts.text(f"filter.mode.{value}"))
    return VOCABULARIES[name].label(value, texts.locale)


def _form(wanted: Wanted, visit: Visit, *, path: str, today: date, months: bool) -> FilterForm:
    fields = tuple(_fields(wanted, visit.texts, today=today, months=months))
    return FilterForm(
        action=f"{visit.texts.prefix}{path}",
        regions=showing.regions(),
        territory=wanted.territory or "",
        words=wanted.q,
        fields=fields,
        hidden=sum(1 for field in fields if field.chosen),
        chez=visit.chez,
    )


def _plain(name: str, wanted: Wanted, texts: Catalogue) -> str:
    """Return what a filter asks for, for a sentence that has quotation marks already."""
    return wanted.q if name == "q" else label(name, wanted, texts)


def _fields(wanted: Wanted, texts: Catalogue, *, today: date, months: bool) -> Iterator[Field]:
    if months:
        yield _field("quand", wanted.quand, _months(wanted, texts, today=today), texts)
    for name, vocabulary in VOCABULARIES.items():
        yield _field(name, wanted.chosen.get(name, ""), showing.choices(vocabulary, texts), texts)
    modes = tuple(Choice(code=mode, name=str(texts.text(f"filter.mode.{mode}"))) for mode in MODES)
    yield _field("mode", wanted.mode or "", modes, texts)


def _field(name: str, chosen: str, options: tuple[Choice, ...], texts: Catalogue) -> Field:
    return Field(
        name=name,
        label=str(texts.text(f"filter.{name}")),
        every=str(texts.text(f"filter.{name}.all")),
        options=options,
        chosen=chosen,
    )


def _months(wanted: Wanted, texts: Catalogue, *, today: date) -> tuple[Choice, ...]:
    number = today.year * 12 + today.month - 1
    ahead = [f"{n // 12}-{n % 12 + 1:02}" for n in range(number, number + MONTHS_AHEAD)]
    codes = ahead if not wanted.quand or wanted.quand in ahead else sorted([*ahead, wanted.quand])
    return tuple(Choice(code=code, name=_when(code, texts)) for code in codes)


def _when(code: str, texts: Catalogue) -> str:
    return label("quand", Wanted(quand=code), texts)
