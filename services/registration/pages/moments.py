"""Days and hours in words, always with the clock of the place they hold at: « jeudi 4 février 2027 à 09:00, heure de Mayotte »."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale as Conventions
from babel.dates import format_date, format_skeleton, get_timezone_location
from markupsafe import Markup

from services.registration.pages.catalogue import Catalogue


def day(moment: datetime, texts: Catalogue) -> str:
    """Return the weekday and the whole date."""
    # As mails write it, in English without CLDR's comma after the weekday.
    pattern = "EEEE d MMMM y" if texts.language == "en" else "full"
    return _ordinal_first(_words(moment.date(), pattern, texts.conventions), moment, texts)


def month(moment: datetime, texts: Catalogue) -> str:
    """Return the month and year, as a heading."""
    return format_skeleton("yMMMM", moment, locale=texts.conventions).capitalize()


def day_of(day: date, texts: Catalogue) -> str:
    """Return a day without its year."""
    return format_skeleton("dMMMM", datetime(day.year, day.month, day.day), locale=texts.conventions)  # noqa: DTZ001 - of any place


def month_in_text(day: date, texts: Catalogue) -> str:
    """Return the month and year as they stand within a sentence."""
    return format_skeleton("yMMMM", datetime(day.year, day.month, 1), locale=texts.conventions)  # noqa: DTZ001 - of any place


def month_of(day: date, texts: Catalogue) -> str:
    """Return the name of a day's month."""
    return _words(day, "MMMM", texts.conventions)


def weekday(moment: datetime, texts: Catalogue) -> str:
    """Return the weekday, shortened."""
    return _words(moment.date(), "EEE", texts.conventions)


def short_month(moment: datetime, texts: Catalogue) -> str:
    """Return the month, shortened."""
    return _words(moment.date(), "MMM", texts.conventions)


def hour(moment: datetime) -> str:
    """Return the time of day on 24 hours, which both languages read without doubt about noon and midnight."""
    return f"{moment:%H:%M}"


def clock(zone: str, texts: Catalogue) -> str:
    """Return whose time it is, « heure de Mayotte »; the place's own name where the zone has no text yet."""
    key = f"clock.{zone}"
    return texts.text(key) if texts.knows(key) else get_timezone_location(ZoneInfo(zone), locale=texts.conventions)


def span(starts: datetime, ends: datetime, zone: str, texts: Catalogue) -> Markup:
    """Return day and hours of wall times `starts` to `ends`; both whole dates where it lasts past midnight."""
    place = clock(zone, texts)
    if starts.date() != ends.date():
        return texts.text("moment.days_apart", start=_at(starts, texts), end=_at(ends, texts), clock=place)
    return texts.text("moment.span", day=day(starts, texts), start=hour(starts), end=hour(ends), clock=place)


def hours(starts: datetime, ends: datetime, zone: str, texts: Catalogue) -> Markup:
    """Return the hours alone, for lists that show the day beside."""
    return texts.text("moment.hours", start=hour(starts), end=hour(ends), clock=clock(zone, texts))


def also(starts: datetime, ends: datetime, zone: str, there: str | None, texts: Catalogue) -> Markup | None:
    """Return the same meetup by the visitor's clock: « soit de 12:00 à 14:00, heure de Mayotte », with its days where they are others.

    None where the visitor's clock is not known, or shows what the venue's shows.
    """
    if there is None:
        return None
    begins, finishes = _seen_from(starts, zone, there), _seen_from(ends, zone, there)
    if (begins, finishes) == (starts, ends):
        return None
    if (begins.date(), finishes.date()) == (starts.date(), ends.date()):
        same_day = texts.text("moment.from_to", start=hour(begins), end=hour(finishes), clock=clock(there, texts))
        return texts.text("moment.also", moment=same_day)
    return texts.text("moment.also", moment=span(begins, finishes, there, texts))


def wall(moment: datetime, zone: str, texts: Catalogue) -> Markup:
    """Return a wall time with the clock it is read from."""
    return texts.text("moment.at", day=day(moment, texts), time=hour(moment), clock=clock(zone, texts))


def instant(moment: datetime, zone: str, texts: Catalogue) -> Markup:
    """Return a point in time as the clock of `zone` shows it."""
    local = moment.astimezone(ZoneInfo(zone))
    return texts.text("moment.at", day=day(local, texts), time=hour(local), clock=clock(zone, texts))


def _seen_from(wall: datetime, zone: str, there: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(there)).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def _words(day: date, pattern: str, conventions: Conventions) -> str:
    """Babel takes 0.1 ms for each, a programme of 24 meetups asks 48 times."""
    return format_date(day, pattern, locale=conventions)


def _at(moment: datetime, texts: Catalogue) -> str:
    return f"{day(moment, texts)} {hour(moment)}"


def _ordinal_first(text: str, moment: datetime, texts: Catalogue) -> str:
    # French alone says « 1er janvier »; CLDR leaves the ordinal out.
    if texts.language == "fr" and moment.day == 1:
        return text.replace(" 1 ", " 1er ", 1)
    return text
