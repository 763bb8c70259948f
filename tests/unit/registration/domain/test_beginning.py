"""What is proposed to somebody who does not know where to start, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.beginning import PROPOSALS, Asker, Candidate, Reason, propose
from services.registration.domain.facets import Facets

SOON = datetime(2027, 2, 4, 6, tzinfo=UTC)
MEETUP = Candidate(
    key="here",
    title="Premiers pas",
    territory="59",
    format="workshop",
    mode="onsite",
    facets=Facets(),
    starts_at=SOON,
    open=True,
    seats=True,
)
NEARBY = replace(MEETUP, key="nearby", title="À côté", territory="62")
ONLINE = replace(MEETUP, key="online", title="En ligne", territory="976", mode="online")
IN_NORD = Asker(territory="59", region=frozenset({"59", "62"}))


def _keys(asker: Asker, *candidates: Candidate) -> list[str]:
    return [proposal.key for proposal in propose(asker, candidates)]


def _reasons(asker: Asker, candidate: Candidate) -> tuple[Reason, ...]:
    [proposal] = propose(asker, [candidate])
    return proposal.reasons


def test_the_nearest_comes_first_then_the_region_then_a_screen() -> None:
    assert _keys(IN_NORD, ONLINE, NEARBY, MEETUP) == ["here", "nearby", "online"]


def test_what_cannot_be_attended_is_not_proposed() -> None:
    far = replace(MEETUP, key="far", territory="974")
    assert _keys(IN_NORD, far, replace(MEETUP, open=False)) == []


def test_a_hybrid_far_away_can_be_attended_on_a_screen() -> None:
    hybrid = replace(MEETUP, territory="974", mode="hybrid")
    assert _reasons(IN_NORD, hybrid) == ("online", "seats")


def test_a_meetup_for_other_sectors_alone_is_left_out_and_one_for_everybody_is_not() -> None:
    others = replace(MEETUP, key="others", title="Chantiers", facets=Facets(sectors=("construction",)))
    assert _keys(Asker(sector="food"), others, MEETUP) == ["here"]
    assert _keys(Asker(), others) == ["others"]


@pytest.mark.parametrize(
    "better",
    [
        replace(NEARBY, facets=Facets(needs=("cost",))),
        replace(NEARBY, facets=Facets(sectors=("food",))),
        replace(MEETUP, title="Découvrir", facets=Facets(level="discovery")),
        replace(MEETUP, title="Plus tôt", starts_at=SOON - timedelta(hours=1)),
    ],
    ids=["answers the question", "names the sector", "asks for no knowledge", "is sooner"],
)
def test_what_fits_better_comes_before_what_is_as_near_or_nearer(better: Candidate) -> None:
    asker = replace(IN_NORD, need="cost", sector="food")
    found = _keys(asker, MEETUP, replace(better, key="better"))
    assert found == ["better", "here"]


def test_the_answer_outweighs_sector_place_and_level_together() -> None:
    close = replace(MEETUP, facets=Facets(sectors=("food",), level="discovery"))
    answering = replace(ONLINE, facets=Facets(needs=("cost",)))
    assert _keys(replace(IN_NORD, need="cost", sector="food"), close, answering) == ["online", "here"]


def test_a_series_is_proposed_once_by_its_soonest() -> None:
    later = replace(MEETUP, key="later", starts_at=SOON + timedelta(days=30))
    assert _keys(IN_NORD, later, MEETUP) == ["here"]


def test_every_reason_is_said_in_the_order_of_the_rules() -> None:
    fitting = replace(MEETUP, format="cafe_ia", facets=Facets(needs=("cost",), sectors=("food",), level="discovery"))
    asker = replace(IN_NORD, need="cost", sector="food")
    assert _reasons(asker, fitting) == ("need", "sector", "here", "discovery", "cafe", "seats")
    assert _reasons(Asker(sector="food"), replace(NEARBY, seats=False)) == ("every_sector",)
    assert _reasons(IN_NORD, NEARBY) == ("region", "seats")


@given(st.permutations(range(8)), st.sampled_from([None, "cost", "law"]), st.sampled_from([None, "59", "976"]))
def test_the_order_in_which_meetups_are_found_changes_nothing(
    order: list[int], need: str | None, territory: str | None
) -> None:
    made = [
        replace(
            MEETUP,
            key=f"m{number}",
            title=f"Rencontre {number // 2}",
            territory=("59", "62", "976")[number % 3],
            mode="online" if number % 4 == 0 else "onsite",
            facets=Facets(needs=("cost",) if number % 2 else ("law",)),
        )
        for number in range(8)
    ]
    asker = Asker(need=need, territory=territory, region=frozenset({territory} if territory else ()))
    found = propose(asker, [made[place] for place in order])
    assert found == propose(asker, made)
    assert len(found) <= PROPOSALS
