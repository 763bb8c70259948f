"""What somebody on a waiting list is told of their chances: counted on past lists, with their number, or not at all."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from tests.integration.registration.pages.conftest import MAMOUDZOU, Site
from tests.integration.registration.pages.test_way_of_an_attendee import _open, _register


async def _past_lists(site: Site, offers: list[int], *, days_before: int = 1) -> None:
    """Let so many meetups lie behind us, each with a waiting list of five, on which so many were offered a seat."""
    now = site.work.clock.now()
    async with site.work.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT id FROM meetups WHERE slug <> $1 ORDER BY id LIMIT $2", MAMOUDZOU, len(offers)
        )
        for row, offered in zip(rows, offers, strict=True):
            begun = now - timedelta(days=30)
            await connection.execute(
                "UPDATE meetups SET starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '2 hours', closes_at = $2::timestamptz WHERE id = $1",
                row["id"],
                begun,
            )
            await connection.executemany(
                """INSERT INTO registrations (id, version, reference, meetup_id, mode, person_id, status, headcount, locale,
                       waiting_number, cancelled_by, offered_at, registered_at, changed_at)
                   VALUES ($1, 1, $2, $3, (SELECT mode FROM rooms WHERE meetup_id = $3 LIMIT 1), $1, 'cancelled', '0', 'fr',
                       $4, 'attendee', $5, $6, $6)""",
                [
                    (uuid4(), str(uuid4()), row["id"], rank, begun - timedelta(days=days_before) if rank <= offered else None, begun)
                    for rank in range(1, 6)
                ],
            )  # fmt: skip


async def _second_in_line(site: Site) -> str:
    """Register until somebody is second on the list of a full meetup, and return what their page says."""
    await site.resize(MAMOUDZOU, 1)
    for number in range(2):
        await _register(site, email=f"p{number}@exemple.fr")
    reference = await _register(site)
    return unescape((await _open(site, reference)).text)


async def test_the_sentence_has_its_base_and_fits_the_rank(site: Site) -> None:
    await _past_lists(site, [0, 1, 2, 3, 5, 0, 0, 1, 2, 0, 0, 0])
    page = await _second_in_line(site)
    assert "Sur les 12 dernières rencontres qui ont eu une liste d’attente, 4 ont proposé au moins 2 places" in page


async def test_below_the_threshold_it_says_that_nothing_is_known(site: Site) -> None:
    await _past_lists(site, [5] * 9)
    page = await _second_in_line(site)
    assert "Rencontres passées qui ont eu une liste d’attente\u202f: 9\u202f; il en faut au moins 10" in page
    assert "ont proposé" not in page


@pytest.mark.parametrize(("days_before", "reached"), [(1, 10), (200, 0)])
async def test_offers_count_only_in_the_time_that_is_left(site: Site, days_before: int, reached: int) -> None:
    await _past_lists(site, [5] * 10, days_before=days_before)
    assert f"liste d’attente, {reached} ont proposé au moins 2 places" in await _second_in_line(site)
