"""What the templates of the registration form read: what a meetup asks, and the form as it was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.registration.domain.questions import QuestionKind
from services.registration.notices import Notice
from services.registration.pages.views import Choice, FieldError

FormNotice = Literal["reused", "unavailable"]
"""The key had come with other answers; the service is away for now."""

_BROUGHT_ALONG = {"notice_version", "token"}
"""Hidden fields."""

COLLEAGUES = 4
"""How many may be registered along with oneself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the organiser.

    `opens` are the style classes of options after which others are asked, `opened` those without which this one is not; `after` says
    the same in words, for browsers that cannot hide it.
    """

    id: str
    kind: QuestionKind
    label: str
    required: bool
    options: tuple[Choice, ...] = ()
    opens: Mapping[str, str] = field(default_factory=dict)
    opened: str = ""
    after: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """Name of its field; no field of ours has a dash."""
        return f"q-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentBox:
    """One box, with the words beside it and their version, which ticking it sends."""

    purpose: str
    version: str
    words: str

    @property
    def field(self) -> str:
        """Name of the box in the form."""
        return f"consent_{self.purpose}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """All that a meetup asks of who registers. `least`: a name and an address."""

    notice: Notice
    least: bool = False
    private: bool = False
    approval: bool = False
    questions: tuple[Asked, ...] = ()
    consents: tuple[ConsentBox, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What became of one of several people. `token` opens one's own registration; colleagues have their mails."""

    full_name: str
    email: str
    status: Literal["held", "waitlisted", "pending", "failed"]
    position: int | None = None
    reference: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is shown: what was typed, what is to be corrected, and where one is needed the key that makes sending twice harmless."""

    idempotency_key: str = ""
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    notice: FormNotice | None = None
    """What is wrong with no single field: `form.<notice>` and `form.<notice>_help` say it."""

    def value(self, name: str) -> str:
        """Return what was typed into a field."""
        return next(iter(self.typed.get(name, ())), "")

    def ticked(self, name: str, code: str) -> bool:
        """Tell whether a box, a radio or an option was chosen."""
        return code in self.typed.get(name, ())

    @property
    def anything_typed(self) -> bool:
        """Whether something that somebody typed or chose is kept, beside what the form brought along."""
        return not self.typed.keys() <= _BROUGHT_ALONG

    def error(self, name: str) -> FieldError | None:
        """Return the first error of one field."""
        return next((error for error in self.errors if error.field == name), None)

    def used(self, *names: str) -> bool:
        """Tell whether one of these fields holds something or is to be corrected: then it is shown, not folded away."""
        return any(self.value(name) or self.error(name) for name in names)
