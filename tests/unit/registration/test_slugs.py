"""Addresses of meetups."""

import re
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from services.registration.slugs import PATTERN, slug_of

DAY = datetime(2027, 4, 15, 18)  # noqa: DTZ001 - a wall time has no offset


def test_an_address_is_readable() -> None:
    assert slug_of("Main-d’œuvre", DAY).startswith("main-d-oeuvre-2027")
    assert re.fullmatch(
        r"l-ia-a-epinal-ou-commencer-2027-04-15-[0-9a-z]{4}", slug_of("L’IA à Épinal : où commencer ?", DAY)
    )


@given(st.text(max_size=200))
def test_whatever_the_title_the_address_is_one(title: str) -> None:
    slug = slug_of(title, DAY)
    assert re.fullmatch(PATTERN, slug)
    assert len(slug) <= 120
