"""Days and hours in words, always with the clock of the place they hold at: « jeudi 4 février 2027, de 09:00 à 11:00, heure de Mayotte »."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from contracts.fact import Locale

_CLOCKS: dict[str, tuple[str, str]] = {
    "America/Cayenne": ("heure de Guyane", "French Guiana time"),
    "America/Guadeloupe": ("heure de Guadeloupe", "Guadeloupe time"),
    "America/Marigot": ("heure de Saint-Martin", "Saint-Martin time"),
    "America/Martinique": ("heure de Martinique", "Martinique time"),
    "America/Miquelon": ("heure de Saint-Pierre-et-Miquelon", "Saint-Pierre and Miquelon time"),
    "America/St_Barthelemy": ("heure de Saint-Barthélemy", "Saint-Barthélemy time"),
    "Europe/Paris": ("heure de Paris", "Paris time"),
    "Indian/Mayotte": ("heure de Mayotte", "Mayotte time"),
    "Indian/Reunion": ("heure de La Réunion", "Réunion time"),
    "Pacific/Gambier": ("heure des Gambier", "Gambier Islands time"),
    "Pacific/Marquesas": ("heure des Marquises", "Marquesas Islands time"),
    "Pacific/Noumea": ("heure de Nouvelle-Calédonie", "New Caledonia time"),
    "Pacific/Tahiti": ("heure de Tahiti", "Tahiti time"),
    "Pacific/Wallis": ("heure de Wallis et Futuna", "Wallis and Futuna time"),
}


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of wall time in words: `whole` for the body, `short` (no year, no end, no clock) for a subject line."""

    whole: str
    short: str


@lru_cache(maxsize=4096)
def span(starts: datetime, ends: datetime, zone: str, locale: Locale, *, own: str | None = None) -> When:
    """Return wall times `starts` to `ends` of one place; both whole dates where it lasts past midnight.

    `own` is the zone of whoever reads it: where its clock shows something else at that instant, both are told.
    """
    place = clock(zone, locale)
    start, end, french = _hour(starts), _hour(ends), locale == "fr"
    if starts.date() != ends.date():
        first, last = f"{_day(starts, locale)} {start}", f"{_day(ends, locale)} {end}"
        whole = f"du {first} au {last}, {place}" if french else f"{first} to {last}, {place}"
    else:
        day = _day(starts, locale)
        whole = f"{day}, de {start} à {end}, {place}" if french else f"{day}, {start} to {end}, {place}"
    short = f"{_day(starts, locale, year=False)} {'à' if french else 'at'} {start}"
    beginning = starts.replace(tzinfo=ZoneInfo(zone))
    return When(whole + _on_own_clock(beginning, own, locale, before="début " if french else "starts "), short)


@lru_cache(maxsize=4096)
def instant(moment: datetime, zone: str, locale: Locale, *, own: str | None = None) -> str:
    """Return a point in time as the clock of `zone` shows it, and the reader's `own` where that differs."""
    local = moment.astimezone(ZoneInfo(zone))
    told = f"{_day(local, locale)} {'à' if locale == 'fr' else 'at'} {_hour(local)}, {clock(zone, locale)}"
    return told + _on_own_clock(local, own, locale)


def days_between(now: datetime, moment: datetime, zone: str) -> int:
    """Return how many midnights of a place lie between two instants: 1 is tomorrow."""
    tz = ZoneInfo(zone)
    return (moment.astimezone(tz).date() - now.astimezone(tz).date()).days


def is_worded(zone: str) -> bool:
    """Whether the zone has words of its own in every language."""
    return zone in _CLOCKS


def clock(zone: str, locale: Locale) -> str:
    """Return whose time it is; the zone's own city where it has no text yet."""
    known = _CLOCKS.get(zone)
    if known is not None:
        return known[0] if locale == "fr" else known[1]
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"heure de {city}" if locale == "fr" else f"{city} time"


def _on_own_clock(there: datetime, own: str | None, locale: Locale, *, before: str = "") -> str:
    """« (12:00 chez vous, heure de Mayotte) », with the day where it is another one; nothing where both clocks show the same."""
    if own is None:
        return ""
    here = there.astimezone(ZoneInfo(own))
    if here.utcoffset() == there.utcoffset():
        return ""
    french = locale == "fr"
    if here.date() == there.date():
        day = "à " if french and before else "at " if before else ""
    else:
        day = f"{_day(here, locale, year=False)} {'à' if french else 'at'} "
    return f" ({before}{day}{_hour(here)} {'chez vous' if french else 'where you are'}, {clock(own, locale)})"


def _day(moment: datetime, locale: Locale, *, year: bool = True) -> str:
    pattern = "EEEE d MMMM y" if year else "EEEE d MMMM"
    text = format_date(moment, pattern, locale="fr" if locale == "fr" else "en_GB")
    # French alone says « 1er janvier »; CLDR leaves the ordinal out.
    return text.replace(" 1 ", " 1er ", 1) if locale == "fr" and moment.day == 1 else text


def _hour(moment: datetime) -> str:
    # On 24 hours, which both languages read without doubt about noon and midnight.
    return f"{moment:%H:%M}"
