"""Where something stands is said in words: no two states differ by their colour or icon alone."""

import re
from collections import defaultdict
from itertools import combinations

import pytest

from services.registration.pages.catalogue import catalogues
from tests.unit.registration.pages.gallery import every_page

SEATS = re.compile(r'<span class="seats (\w+)">(.*?)</span>', re.DOTALL)
STATUS = re.compile(r'<section class="status (\w+)">.*?<h1>(.*?)</h1>', re.DOTALL)


@pytest.mark.parametrize(
    ("told", "states"),
    [
        (SEATS, {"open", "waiting", "closed", "past", "cancelled"}),
        (STATUS, {"held", "pending", "waitlisted", "offered", "confirmed", "past", "missed", "cancelled", "expired"}),
    ],
    ids=["seats", "registrations"],
)
@pytest.mark.parametrize("language", catalogues())
def test_every_state_has_words_of_its_own(language: str, told: re.Pattern[str], states: set[str]) -> None:
    words: dict[str, set[str]] = defaultdict(set)
    for html in every_page(catalogues()[language]).values():
        for state, said in told.findall(html):
            words[state].add(re.sub(r"\d+", "#", said))
    assert words.keys() >= states
    assert all(said.strip() for one in words.values() for said in one)
    assert [(one, other) for one, other in combinations(words, 2) if words[one] & words[other]] == []
