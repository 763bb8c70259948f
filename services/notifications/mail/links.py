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
        return f"{self._page('inscriptions', reference, locale=locale)}?{urlencode({'token': token})}"

    def meetup(self, slug: str, *, locale: Locale) -> str:
        """The public page of a meetup. Calendar entries are shared with others: they get this one, never one with a token."""
        return self._page("rencontres", slug, locale=locale)

    def _page(self, *parts: str, locale: Locale) -> str:
        language = "" if locale == "fr" else f"/{locale}"
        return f"{self.public_url}{language}/{'/'.join(quote(part, safe='') for part in parts)}"
