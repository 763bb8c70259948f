"""The pages on personal data name who answers for a meetup, and keep every version within reach."""

import pytest

from services.registration import notices
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site


async def test_the_notice_of_a_meetup_names_its_controllers_and_where_they_are_reached(site: Site) -> None:
    answer = await site.browser.get(f"/rencontres/{MAMOUDZOU}/donnees-personnelles")
    assert answer.status_code == 200
    assert "rencontres-ia@cci-976.example" in answer.text
    assert "règlement (UE) 2016/679 (RGPD) et la loi" in answer.text
    assert "12\u00a0mois" in answer.text


async def test_a_meetup_in_a_territory_of_adapted_law_says_so(site: Site) -> None:
    async with site.work.database.connection() as connection:
        slug = await connection.fetchval(
            "SELECT slug FROM meetups WHERE territory = '988' AND status = 'published' LIMIT 1"
        )
    answer = await site.browser.get(f"/rencontres/{slug}/donnees-personnelles")
    assert "dans sa rédaction applicable dans ce territoire" in answer.text
    assert "article 6.1.e" not in answer.text


@pytest.mark.parametrize("prefix", ["", "/en"])
async def test_the_general_notice_and_its_versions_can_be_read(site: Site, prefix: str) -> None:
    newest = notices.current_version()
    for query in ("", f"?version={newest}"):
        answer = await site.browser.get(f"{prefix}/donnees-personnelles{query}")
        assert answer.status_code == 200
        assert newest in answer.text


@pytest.mark.parametrize("version", ["1789-07", "../2026-11", "", "2026-11%00"])
async def test_a_version_that_never_was_leads_nowhere(site: Site, version: str) -> None:
    answer = await site.browser.get(f"/donnees-personnelles?version={version}")
    assert answer.status_code == (200 if version == "" else 404)
