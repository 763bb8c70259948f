"""Addresses that mails point to: pages of the public site, in the recipient's language. A link opens a page; only a button there acts."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from contracts.fact import Locale


@dataclass(frozen=True, slots=True)
class Links:
    """Links below one public address."""

    public_url: str

    def registration(self, reference: str, *, token: str, locale: Locale) -> str:
        """The page on which one registration is confirmed, accepted or given back."""
        return self._of_registration(reference, token=token, locale=locale)

    def cannot_come(self, reference: str, *, token: str, locale: Locale) -> str:
        """The page with the one button that gives the seat back."""
        return self._of_registration(reference, "annuler", token=token, locale=locale)

    def ticket(self, reference: str, *, token: str, locale: Locale) -> str:
        """The page to be shown at the door."""
        return self._of_registration(reference, "billet", token=token, locale=locale)

    def own_data(self, reference: str, *, token: str, locale: Locale) -> str:
        """The page of a person's rights: what is kept, corrected, withdrawn, erased."""
        return self._of_registration(reference, "donnees", token=token, locale=locale)

    def notice(self, slug: str | None, *, locale: Locale) -> str:
        """What happens to personal data, and why: of one meetup, or (None) of all."""
        return self._page(*(("rencontres", slug) if slug else ()), "donnees-personnelles", locale=locale)

    def _of_registration(self, reference: str, *act: str, token: str, locale: Locale) -> str:
        return f"{self._page('inscriptions', reference, *act, locale=locale)}?{urlencode({'token': token})}"

    def programme(self, *, locale: Locale) -> str:
        """The list of meetups to come."""
        return self._page("", locale=locale)

    def meetup(self, slug: str, *, locale: Locale) -> str:
        """The public page of a meetup. Calendar entries are shared with others: they get this one, never one with a token."""
        return self._page("rencontres", slug, locale=locale)

    def _page(self, *parts: str, locale: Locale) -> str:
        language = "" if locale == "fr" else f"/{locale}"
        return f"{self.public_url}{language}/{'/'.join(quote(part, safe='') for part in parts)}"
