"""What may be consented to, in the very words shown: the proof of a consent is the version of its text."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.fact import Locale
from services.registration.notices.versions import UnknownVersion, folder

Purpose = Literal["newsletter", "bpifrance", "providers", "photos"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
"""In the order of the form."""


class ConsentText(BaseModel):
    """One version of the words of a consent, in every language in which it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    valid_from: date
    sha256: str = ""
    fr: str
    en: str

    def words(self, locale: Locale) -> str:
        """Return what is read beside the box."""
        return self.fr if locale == "fr" else self.en

    def fingerprint(self) -> str:
        """Return the hash of the words; another than `sha256` means that they changed after they were shown."""
        return sha256(f"{self.fr}\0{self.en}".encode()).hexdigest()


TEXTS = TypeAdapter(dict[str, tuple[ConsentText, ...]])


@cache
def consent_texts() -> Mapping[str, Sequence[ConsentText]]:
    """Return every purpose with all versions of its words, the oldest first, in the order of the form."""
    return MappingProxyType(TEXTS.validate_json(folder().joinpath("consents.json").read_bytes()))


def known(purpose: str, version: str) -> bool:
    """Tell whether these words were ever shown."""
    return any(text.version == version for text in consent_texts().get(purpose, ()))


def consent(purpose: str, version: str | None = None) -> ConsentText:
    """Return the words of a version, those shown now without one. Raises UnknownVersion."""
    texts = consent_texts().get(purpose, ())
    found = [text for text in texts if version in (None, text.version)]
    if not found:
        raise UnknownVersion
    return found[-1]
