"""What may be consented to, in the very words shown: the proof of a consent is the version of its text."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.fact import Locale


class ConsentText(BaseModel):
    """One version of the words of a consent, in every language in which it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    fr: str
    en: str

    def words(self, locale: Locale) -> str:
        """Return what is read beside the box."""
        return self.fr if locale == "fr" else self.en


@cache
def consent_texts() -> Mapping[str, Sequence[ConsentText]]:
    """Return every purpose with all versions of its words, the oldest first, in the order of the form."""
    content = files("services.registration.notices").joinpath("consents.json").read_bytes()
    return MappingProxyType(TypeAdapter(dict[str, tuple[ConsentText, ...]]).validate_json(content))


def current(purpose: str) -> ConsentText:
    """Return the words shown now."""
    return consent_texts()[purpose][-1]


def known(purpose: str, version: str) -> bool:
    """Tell whether these words were ever shown."""
    return any(text.version == version for text in consent_texts().get(purpose, ()))
