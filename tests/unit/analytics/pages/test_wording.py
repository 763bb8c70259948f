"""The texts: complete in both languages, and French where French has rules."""

import re
from datetime import UTC, date, datetime

from services.analytics.api import Cells
from services.analytics.pages.wording import wording

FR, EN = wording("fr"), wording("en")


def test_both_languages_say_the_same_things() -> None:
    assert set(FR.texts) == set(EN.texts)


def test_french_signs_keep_their_narrow_space() -> None:
    wrong = re.compile(r"[^\u202f\s][:;?!»](\s|$)|«[^\u202f]| [:;?!»]|'")
    without_entities = {key: text.replace("&lt;", "") for key, text in FR.texts.items()}

    assert {key: text for key, text in without_entities.items() if wrong.search(text)} == {}


def test_every_figure_has_a_definition_and_no_definition_lacks_its_figure() -> None:
    defined = {key.partition(".")[2] for key in FR.texts if key.startswith("definition.")}

    assert defined == set(Cells.model_fields)


def test_numbers_and_shares_are_written_as_the_language_writes_them() -> None:
    assert (FR.number(12345), EN.number(12345)) == ("12\u202f345", "12,345")
    assert (FR.percent(0.31), EN.percent(0.31), FR.percent(None)) == ("31\u00a0%", "31%", "–")


def test_a_month_and_a_day_read_naturally() -> None:
    assert (FR.month("2027-02"), EN.month("2027-02")) == ("février 2027", "February 2027")
    assert FR.day(date(2027, 2, 1)) == "1er février 2027"


def test_an_instant_says_which_clock() -> None:
    assert FR.instant(datetime(2027, 2, 1, 8, 5, 9, tzinfo=UTC)) == "1er février 2027, 08:05:09 (UTC)"


def test_one_and_many_differ() -> None:
    assert FR.text("page.behind", n=1).startswith("1\u00a0événement reste")
    assert FR.text("page.behind", n=2000).startswith("2\u202f000\u00a0événements restent")
