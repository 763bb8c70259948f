"""The texts of the pages, a folder `translations/<language>/` of .po files a language: adding a language is adding a folder.

Texts are keyed by what they are for, not by their wording. They are HTML written by us; values put into them are escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from itertools import chain
from types import MappingProxyType

from babel import Locale as Conventions
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup

from contracts.fact import Locale

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

    def plain(self, key: str, *, n: int | None = None, **values: object) -> str:
        """Return the text of `key` for what is no HTML, a diary or a feed, and for what becomes a value of another text."""
        return str(self.text(key, n=n, **values).unescape())

    def knows(self, key: str) -> bool:
        """Tell whether there is a text under this key, for keys made of codes that may be newer than the catalogue."""
        return key in self.texts

    @property
    def locale(self) -> Locale:
        """The language of vocabularies, notices and mails, which are French and English: other languages than ours read English."""
        return "fr" if self.language == "fr" else "en"

    @property
    def prefix(self) -> str:
        """Where the pages in this language live: nothing for the source language, `/en` for English."""
        return "" if self.language == SOURCE_LANGUAGE else f"/{self.language}"


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Read every catalogue once, source language first."""
    folder = files("services.registration").joinpath("translations")
    found = {entry.name: _parts(entry) for entry in folder.iterdir() if entry.is_dir()}
    ordered = sorted(found, key=lambda language: (language != SOURCE_LANGUAGE, language))
    return MappingProxyType({language: _read(language, found[language]) for language in ordered})


def _parts(folder: Traversable) -> list[Catalog]:
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".po"))
    return [read_po(BytesIO(folder.joinpath(name).read_bytes()), abort_invalid=True) for name in names]


def _read(language: str, parts: Sequence[Catalog]) -> Catalogue:
    header = parts[0]
    if header.locale is None:
        raise ValueError(f"translations/{language}/ names no language in its first header")
    texts: dict[str, tuple[Markup, ...]] = {}
    for message in chain.from_iterable(parts):
        if not message.id or not message.string:
            continue
        if (key := _key(message.id)) in texts:
            raise ValueError(f"translations/{language}/ has {key} twice")
        texts[key] = _forms(message.string)
    return Catalogue(
        language=language,
        conventions=header.locale,
        texts=MappingProxyType(texts),
        plural_form=c2py(header.plural_expr),
    )


def _key(identifier: str | tuple[str, ...] | list[str]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def _forms(texts: str | tuple[str, ...] | list[str]) -> tuple[Markup, ...]:
    # Markup marks our own texts, read from files of the package; whatever comes from people is a value and gets escaped.
    return (Markup(texts),) if isinstance(texts, str) else tuple(Markup(text) for text in texts)  # noqa: S704
