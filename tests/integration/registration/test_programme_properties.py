"""Whatever is asked of the programme, and whatever changes meanwhile: filters, words and pages keep their promises.

The oracle is plain Python over the same meetups; the database is real.
"""

# ruff: noqa: DTZ001 - wall times of venues

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.territories import TERRITORIES
from services.registration import meetups, programme
from services.registration.domain.facets import Facets
from services.registration.editing import Changes, When
from services.registration.store.meetups import Sheet
from services.registration.store.programme import Mark, Mode, Search
from tests.integration.registration.conftest import House
from tests.integration.registration.making import ADMIN, declare, publish

ON_ONE_DATABASE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WORDS = ("devis", "boulangerie", "énergie", "chantier", "hypertrucage", "élevage", "météo", "coiffure")
PLACES = ("976", "974", "975", "75", "2A", "987")
FIRST = datetime(2027, 4, 1, 9)


@dataclass(frozen=True, slots=True)
class Made:
    """A meetup as the oracle knows it."""

    sheet: Sheet
    title: str
    text: str

    @property
    def id(self) -> UUID:
        return self.sheet.meetup.id


def _spread(number: int) -> dict[str, object]:
    """Draw the facets of a meetup from its number, so that every combination is rare and none is missing."""
    audiences = ((), ("everyone",), ("craft", "farmers"), ("small_firms",))[number % 4]
    sectors = ((), ("retail",), ("food", "industry"))[number % 3]
    needs = ((), ("time",), ("legal", "data"), ("where_to_start",), ("time", "legal"))[number % 5]
    return {
        "facets": Facets(
            audiences=audiences, level=(None, "discovery", "advanced")[number % 3], sectors=sectors, needs=needs
        ),
        "format": ("talk", "workshop")[number % 2],
        "attendance_mode": ("onsite", "online", "hybrid")[(number // 2) % 3],
        "territory": PLACES[number % len(PLACES)],
        "starts": FIRST + timedelta(days=(number * 7) % 60, hours=number % 9),
    }


@pytest.fixture
async def made(house: House) -> list[Made]:
    """Forty meetups that differ in everything."""
    held_by = await declare(house.work, name="Chambre d’essai")
    found = []
    for number in range(40):
        one, other, third = (WORDS[(number * step + step) % len(WORDS)] for step in (1, 3, 5))
        title, description = f"{one.upper()} et l’IA", f"On en parle\u202f: {other}s, etc."
        venue = f"Maison {third}"
        sheet = await publish(house.work, held_by, title=title, description=description, venue=venue, **_spread(number))  # type: ignore[arg-type]
        found.append(Made(sheet, title, f"{title} {description} {venue} Chambre essai"))
    return found


def _codes(*codes: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(codes))


searches = st.builds(
    Search,
    territories=st.lists(st.sampled_from(PLACES), max_size=2, unique=True).map(tuple),
    outside=st.one_of(st.just(()), st.sampled_from(PLACES).map(lambda code: (code,))),
    since=st.one_of(st.none(), st.dates(FIRST.date(), FIRST.date() + timedelta(days=70))),
    until=st.one_of(st.none(), st.dates(FIRST.date(), FIRST.date() + timedelta(days=70))),
    format=_codes("talk", "workshop"),
    audience=_codes("everyone", "craft", "small_firms", "providers"),
    level=_codes("discovery", "practice", "advanced"),
    sector=_codes("retail", "food", "health"),
    need=_codes("time", "legal", "cost"),
    mode=st.sampled_from((None, "onsite", "online")),
)


def _passes(made: Made, asked: Search) -> bool:
    meetup = made.sheet.meetup
    about, facets, day = meetup.programme, meetup.programme.facets, meetup.occasion.starts_local.date()
    modes: tuple[Mode | str | None, ...] = (asked.mode, "hybrid")
    return all(
        (
            not asked.territories or meetup.territory in asked.territories,
            meetup.territory not in asked.outside,
            asked.since is None or day >= asked.since,
            asked.until is None or day <= asked.until,
            asked.format in (None, about.format),
            asked.audience is None or not facets.audiences or {asked.audience, "everyone"} & {*facets.audiences},
            asked.level in (None, facets.level),
            asked.sector is None or not facets.sectors or asked.sector in facets.sectors,
            asked.need is None or asked.need in facets.needs,
            asked.mode is None or about.attendance_mode in modes,
        )
    )


async def _walk(house: House, search: Search, *, limit: int) -> list[UUID]:
    seen: list[UUID] = []
    after: Mark | None = None
    while True:
        found = await programme.page(house.work, search, after=after, limit=limit)
        seen += [sheet.meetup.id for sheet in found.sheets]
        if found.next is None:
            return seen
        after = found.next


@ON_ONE_DATABASE
@given(asked=searches, limit=st.integers(1, 50))
async def test_filters_find_what_plain_python_finds_in_the_same_order(
    house: House, made: list[Made], asked: Search, limit: int
) -> None:
    expected = sorted(
        (each for each in made if _passes(each, asked)),
        key=lambda each: (each.sheet.meetup.occasion.starts_at, each.id),
    )
    assert await _walk(house, asked, limit=limit) == [each.id for each in expected]
    assert (await programme.counts(house.work, asked)).found == len(expected)


@ON_ONE_DATABASE
@given(asked=searches)
async def test_each_filter_says_truly_what_giving_it_up_would_show(
    house: House, made: list[Made], asked: Search
) -> None:
    without: dict[str, dict[str, object]] = {
        "territory": {"territories": (), "outside": ()},
        "days": {"since": None, "until": None},
        **{name: {name: None} for name in ("format", "audience", "level", "sector", "need", "mode")},
    }
    counts = await programme.counts(house.work, asked)
    for name, dropped in without.items():
        relaxed = Search(**{**{field: getattr(asked, field) for field in Search.__slots__}, **dropped})
        would = sum(_passes(each, relaxed) for each in made)
        assert counts.without.get(name, counts.found) == would, name  # type: ignore[call-overload]


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _words_of(text: str) -> set[str]:
    return {"".join(filter(str.isalnum, word)) for word in _bare(text).replace("’", " ").split()}


spelt = st.tuples(
    st.sampled_from(WORDS),
    st.sampled_from((str.lower, str.upper, str.title, _bare, lambda word: unicodedata.normalize("NFD", word))),
    st.sampled_from(("", "s")),
).map(lambda drawn: (drawn[0], drawn[1](drawn[0] + (drawn[2] if not drawn[0].endswith("s") else ""))))


@ON_ONE_DATABASE
@given(typed=st.lists(spelt, min_size=1, max_size=3), between=st.sampled_from((" ", ", ", " et l’", "  ")))
async def test_words_are_found_whatever_their_accents_case_and_number(
    house: House, made: list[Made], typed: list[tuple[str, str]], between: str
) -> None:
    asked = Search(words=between.join(form for _, form in typed))
    wanted = [_bare(word) for word, _ in typed]
    expected = {each.id for each in made if all({word, f"{word}s"} & _words_of(each.text) for word in wanted)}
    assert set(await _walk(house, asked, limit=50)) == expected
    best = [sheet.meetup.id for sheet in await programme.best(house.work, asked, limit=50)]
    assert set(best) == expected
    titles = {each.id for each in made if all(word in _words_of(each.title) for word in wanted)}
    assert set(best[: len(titles)]) == titles


@pytest.mark.parametrize("begun", ["boulang", "hypertru", "BOULANGER", "chantier elev", "météo énerg"])
async def test_the_last_word_may_be_unfinished(house: House, made: list[Made], begun: str) -> None:
    *whole, last = _bare(begun).split()
    expected = {
        each.id
        for each in made
        if all({word, f"{word}s"} & _words_of(each.text) for word in whole)
        and any(word.startswith(last) for word in _words_of(each.text))
    }
    assert expected
    found = set(await _walk(house, Search(words=begun), limit=50))
    assert found == expected


@pytest.mark.parametrize(
    "words",
    ["chambre d'essai", "Mayotte", "océan Île", "atelier", "réunion", "à", "!!!", "'; --", "\U0001f600", "مرحبا"],
)
async def test_organisers_places_and_formats_are_words_and_nothing_typed_is_an_error(
    house: House, made: list[Made], words: str
) -> None:
    found = set(await _walk(house, Search(words=words), limit=50))
    everybody = {each.id for each in made}
    by_place = {
        name: {each.id for each in made if TERRITORIES[each.sheet.meetup.territory].name == place}
        for name, place in (("Mayotte", "Mayotte"), ("réunion", "La Réunion"))
    }
    workshops = {each.id for each in made if each.sheet.meetup.programme.format == "workshop"}
    known = {"chambre d'essai": everybody, "atelier": workshops, **by_place}
    assert found == known.get(words, set())


async def test_a_renamed_organiser_is_found_by_the_new_name_alone(house: House) -> None:
    held_by = await declare(house.work, name="Chambre du Levant")
    meetup_id = (await publish(house.work, held_by, starts=FIRST)).meetup.id
    assert await _walk(house, Search(words="levant"), limit=5) == [meetup_id]
    await declare(house.work, name="Chambre du Couchant", organisation_id=held_by)
    assert await _walk(house, Search(words="levant"), limit=5) == []
    assert await _walk(house, Search(words="couchants"), limit=5) == [meetup_id]


acts = st.lists(
    st.tuples(st.sampled_from(("move", "cancel", "publish", "rename")), st.integers(0, 11), st.integers(-20, 40)),
    max_size=6,
)


@settings(ON_ONE_DATABASE, max_examples=25)
@given(meanwhile=st.lists(acts, min_size=1, max_size=6), limit=st.integers(1, 5), past=st.booleans())
async def test_a_walk_meets_every_meetup_once_whatever_changes_meanwhile(
    house: House, meanwhile: list[list[tuple[str, int, int]]], limit: int, past: bool
) -> None:
    await _clear(house)
    held_by = await declare(house.work)
    there = [
        (await publish(house.work, held_by, starts=FIRST + timedelta(days=5 * number), territory="75")).meetup.id
        for number in range(12)
    ]
    cancelled: set[UUID] = set()
    seen: list[UUID] = []
    after: Mark | None = None
    turns = iter(meanwhile)
    search = Search(since=FIRST.date() - timedelta(days=60)) if past else Search()
    while True:
        found = await programme.page(house.work, search, after=after, limit=limit)
        seen += [sheet.meetup.id for sheet in found.sheets]
        if found.next is None:
            break
        after = found.next
        for act, number, days in next(turns, []):
            await _do(house, held_by, act, there[number], days, cancelled)
    assert len(seen) == len(set(seen))
    assert set(there) - cancelled <= set(seen)


async def _do(house: House, held_by: UUID, act: str, meetup_id: UUID, days: int, cancelled: set[UUID]) -> None:
    house.clock.advance(timedelta(seconds=1))
    starts = FIRST + timedelta(days=days + 21, minutes=days + 20)
    if act == "publish":
        await publish(house.work, held_by, starts=starts, territory="75")
    elif act == "rename" and meetup_id not in cancelled:
        await meetups.change(house.work, meetup_id, Changes(title="Sous un autre titre"), by=ADMIN)
    elif act == "cancel":
        await meetups.cancel(house.work, meetup_id, by=ADMIN)
        cancelled.add(meetup_id)
    elif act == "move" and meetup_id not in cancelled:
        when = When(starts_local=starts, ends_local=starts + timedelta(hours=1))
        await meetups.reschedule(house.work, meetup_id, when, place=None, by=ADMIN)


async def _clear(house: House) -> None:
    async with house.work.transaction() as tx:
        await tx.connection.execute("TRUNCATE meetups CASCADE")
