"""The texts of the page and of the definitions, a `translations/<language>.toml` a language, with its rules for numbers and dates."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from chassis.problems import Language
from contracts.territories import TERRITORIES
from contracts.vocabularies import HEADCOUNTS
from services.analytics.figures import Table


@dataclass(frozen=True, slots=True)
class Wording:
    """One language."""

    language: Language
    conventions: Locale
    texts: Mapping[str, str]

    def text(self, key: str, *, n: int | None = None, **values: object) -> Markup:
        """Return a text; `n` picks `<key>.one` or `<key>.other` and is printed as a number. An unknown key is a mistake of ours: KeyError."""
        if n is not None:
            key = f"{key}.{self.conventions.plural_form(n)}"
            key = key if key in self.texts else f"{key.rpartition('.')[0]}.other"
            values["n"] = self.number(n)
        return Markup(self.texts[key]).format(**values)  # noqa: S704 (our own texts, out of files of the package)

    def number(self, count: int) -> str:
        """A count, grouped as the language groups."""
        return format_decimal(count, locale=self.conventions)

    def percent(self, share: float | None) -> str:
        """A share without decimals; a dash where there is none."""
        return "–" if share is None else format_percent(share, locale=self.conventions)

    def month(self, key: str) -> str:
        """`2027-02` as a month and year."""
        year, number = (int(part) for part in key.split("-"))
        return str(format_skeleton("yMMMM", datetime(year, number, 1, tzinfo=UTC), locale=self.conventions))

    def day(self, moment: date) -> str:
        """A day without its weekday; French says 1er."""
        text = format_date(moment, "long", locale=self.conventions)
        return f"1er{text[1:]}" if self.language == "fr" and moment.day == 1 else text

    def instant(self, moment: datetime) -> str:
        """A point in time, in UTC: the report belongs to no territory."""
        moment = moment.astimezone(UTC)
        return self.text("page.instant", day=self.day(moment), time=format_datetime(moment, "HH:mm:ss"))


@cache
def wording(language: Language) -> Wording:
    """Read a language once."""
    found = tomllib.loads(
        files("services.analytics.pages").joinpath("translations", f"{language}.toml").read_text(encoding="utf-8")
    )
    return Wording(language, Locale.parse(language), dict(_flat(found)))


def label_of(table: Table, key: str, words: Wording) -> str:
    """What a line is called: a code that is not known here stands for itself."""
    if table.by == "meetup":
        return table.meetups[key].title
    if table.by == "territory":
        return TERRITORIES[key].name if key in TERRITORIES else key
    if table.by == "size":
        return HEADCOUNTS.label(key, words.language)
    return words.month(key)


def _flat(tree: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        found += _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else [(f"{prefix}{key}", str(value))]
    return found
