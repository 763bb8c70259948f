"""Durations in words, under the names that the texts of the notice use."""

from contracts.fact import Locale
from contracts.retention import Retention

_YEARS_FROM = 24


def in_words(retention: Retention, language: Locale) -> dict[str, str]:
    """Return the words for each duration."""
    days = ("jour", "jours") if language == "fr" else ("day", "days")
    return {
        "access_needs": _counted(retention.access_needs_days, days),
        "unconfirmed": _counted(retention.unconfirmed_days, days),
        "attendance": months(retention.attendance_months, language),
        "consents": months(retention.consents_months, language),
        "deliveries": months(retention.deliveries_months, language),
        "accesses": months(retention.accesses_months, language),
    }


def months(count: int, language: Locale) -> str:
    """Return « 12 mois », « 3 ans »: years where they are whole and there are two or more."""
    if count >= _YEARS_FROM and count % 12 == 0:
        return _counted(count // 12, ("an", "ans") if language == "fr" else ("year", "years"))
    return _counted(count, ("mois", "mois") if language == "fr" else ("month", "months"))


def _counted(count: int, words: tuple[str, str]) -> str:
    return f"{count}\u00a0{words[0] if count == 1 else words[1]}"
