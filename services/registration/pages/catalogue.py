"""The texts of the pages, a `translations/<language>.po` file a language: adding a language is adding a file.

Texts are keyed by what they are for, not by their wording. They are HTML written by us; values put into them are escaped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

from babel import Locale as Conventions
from babel.messages.pofile import read_po
from markupsafe import Markup

SOURCE_LANGUAGE = "fr"
"""The language in which texts are written first; its pages have no path prefix."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language, with its rules for plurals, dates and numbers."""

    language: str
    conventions: Conventions
    texts: Mapping[str, tuple[Markup, ...]]
    plural_form: Callable[[int], int]

    def text(self, key: str, *, n: int | None = None, **values: object) -> Markup:
        """Return the text of `key`, in the plural that `n` asks for. An unknown key is a mistake of ours: KeyError."""
        forms = self.texts[key]
        form = forms[self.plural_form(n)] if n is not None and len(forms) > 1 else forms[0]
        return form.format(n=n, **values)

    def knows(self, key: str) -> bool:
        """Tell whether there is a text under this key, for keys made of codes that may be newer than the catalogue."""
        return key in self.texts

    @property
    def prefix(self) -> str:
        """Where the pages in this language live: nothing for the source language, `/en` for English."""
        return "" if self.language == SOURCE_LANGUAGE else f"/{self.language}"


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Read every catalogue once, source language first."""
    folder = files("services.registration").joinpath("translations")
    found = {
        name.removesuffix(".po"): entry.read_bytes()
        for entry in folder.iterdir()
        if (name := entry.name).endswith(".po")
    }
    ordered = sorted(found, key=lambda language: (language != SOURCE_LANGUAGE, language))
    return MappingProxyType({language: _read(language, found[language]) for language in ordered})


def _read(language: str, content: bytes) -> Catalogue:
    messages = read_po(BytesIO(content), abort_invalid=True)
    if messages.locale is None:
        raise ValueError(f"translations/{language}.po names no language in its header")
    return Catalogue(
        language=language,
        conventions=messages.locale,
        texts=MappingProxyType(
            {_key(message.id): _forms(message.string) for message in messages if message.id and message.string}
        ),
        plural_form=c2py(messages.plural_expr),
    )


def _key(identifier: str | tuple[str, ...] | list[str]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def _forms(texts: str | tuple[str, ...] | list[str]) -> tuple[Markup, ...]:
    # Markup marks our own texts, read from files of the package; whatever comes from people is a value and gets escaped.
    return (Markup(texts),) if isinstance(texts, str) else tuple(Markup(text) for text in texts)  # noqa: S704
