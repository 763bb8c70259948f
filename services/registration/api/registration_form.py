"""What somebody tells who registers: one model for the API and the page, so that both refuse the same and keep the same.

Three things are asked for; all else may be left out. What does not suit a meetup (a headcount at a café) is not kept.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from contracts.fact import Locale
from services.registration.api.fields import (
    AccessNeeds,
    AnswerWords,
    Email,
    FullName,
    Headcount,
    IdentifierScheme,
    Incoming,
    InvitationCode,
    LocalId,
    Need,
    Organisation,
    OwnZone,
    Role,
    Sector,
    TextVersion,
)
from services.registration.domain.consents import Channel, Consent
from services.registration.domain.details import Details
from services.registration.domain.identifiers import BadIdentifier, Identifier, read_identifier
from services.registration.domain.invitations import code_hash
from services.registration.domain.registrations import Mode
from services.registration.emails import email_key
from services.registration.notices.consents import consent_texts, known
from services.registration.receipts import Application
from services.registration.registering_together import Colleague

MOST_NEEDS = 2


class IdentifierForm(Incoming):
    """A number of the firm. Firms without one leave it out: none is ever needed."""

    scheme: IdentifierScheme
    value: Annotated[str, Field(min_length=1, max_length=40, description="as people write it; kept in one spelling")]

    @field_validator("value")
    @classmethod
    def _fits(cls, value: str, info: ValidationInfo) -> str:
        if (scheme := info.data.get("scheme")) is None:
            return value
        try:
            return read_identifier(scheme, value).value
        except BadIdentifier:
            raise PydanticCustomError("identifier", "breaks the rule of its register") from None

    def kept(self) -> Identifier:
        """Return it in its one spelling."""
        return Identifier(self.scheme, self.value)


class ConsentForm(Incoming):
    """A box that was ticked. `text_version` says beside which words."""

    purpose: Annotated[
        str, WithJsonSchema({"type": "string", "enum": list(consent_texts()), "description": "what is agreed to"})
    ]
    text_version: TextVersion

    @field_validator("text_version")
    @classmethod
    def _was_shown(cls, version: str, info: ValidationInfo) -> str:
        if not known(info.data.get("purpose", ""), version):
            raise PydanticCustomError("unknown_code", "these words were never shown")
        return version


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _once(consents: tuple[ConsentForm, ...]) -> tuple[ConsentForm, ...]:
    if len({consent.purpose for consent in consents}) < len(consents):
        raise PydanticCustomError("repeated", "each purpose once")
    return consents


_WORDS: dict[str, object] = {"type": "string", "maxLength": 1000}
Answer = Annotated[
    tuple[AnswerWords, ...],
    Field(max_length=20),
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "description": "words, the id of an option, or several ids",
            "oneOf": [_WORDS, {"type": "array", "items": _WORDS, "maxItems": 20}],
        }
    ),
]


Needs = Annotated[tuple[Need, ...], Field(max_length=MOST_NEEDS)]
Answers = Annotated[
    dict[LocalId, Answer],
    Field(max_length=10, description="answers to the organiser's questions, by their ids"),
]


class DetailsForm(Incoming):
    """What somebody tells about themselves and their firm."""

    full_name: FullName
    headcount: Annotated[Headcount | None, Field(description="null at an AI café, which does not ask for it")]
    organisation: Organisation | None = None
    identifier: IdentifierForm | None = None
    role: Role | None = None
    sector: Sector | None = None
    needs: Needs = ()
    access_needs: AccessNeeds | None = None
    answers: Answers = Field(default_factory=dict)

    def details(self, told: Details) -> Details:
        """Return it as it is kept in the place of what was told before."""
        return Details(
            full_name=self.full_name,
            headcount=self.headcount or told.headcount,
            organisation=self.organisation,
            identifier=self.identifier.kept() if self.identifier else None,
            role=self.role,
            sector=self.sector,
            needs=_kept(self.needs),
            access_needs=self.access_needs,
            answers=_sorted(self.answers),
        )


class RegistrationForm(DetailsForm):
    """Somebody wishes to come. `locale` is the language of their mail."""

    email: Email
    locale: Locale = "fr"
    mode: Annotated[
        Mode | None, Field(description="which seats of a hybrid meetup: on site unless told; others have one way")
    ] = None
    consents: Annotated[tuple[ConsentForm, ...], Field(max_length=10), AfterValidator(_once)] = ()
    invitation: Annotated[InvitationCode | None, Field(description="code, for a private meetup")] = None
    timezone: OwnZone | None = None
    notice_version: Annotated[TextVersion | None, Field(description="version of the notice that was shown")] = None

    def application(self, *, meetup_id: UUID, key: str, channel: Channel) -> Application:
        """Return it for the desk, each value in its one spelling."""
        return Application(
            meetup_id=meetup_id,
            email=self.email,
            email_key=email_key(self.email),
            full_name=self.full_name,
            headcount=self.headcount,
            locale=self.locale,
            key=key,
            mode=self.mode,
            organisation=self.organisation,
            identifier=self.identifier.kept() if self.identifier else None,
            role=self.role,
            sector=self.sector,
            needs=_kept(self.needs),
            access_needs=self.access_needs,
            answers=_sorted(self.answers),
            consents=tuple(Consent(consent.purpose, consent.text_version) for consent in self.consents),
            channel=channel,
            invitation=code_hash(self.invitation) if self.invitation else None,
            timezone=self.timezone,
            notice_version=self.notice_version,
        )


class ColleagueForm(Incoming):
    """Somebody else of the same firm. What they tell about themselves, they tell by their own mail."""

    full_name: FullName
    email: Email

    def colleague(self) -> Colleague:
        """Return them for the use case."""
        return Colleague(full_name=self.full_name, email=self.email)


class CorrectionForm(Incoming):
    """What was wrong: what is left out stays as it is, null takes it away. A name and a headcount can be changed, not taken away."""

    full_name: FullName | None = None
    headcount: Headcount | None = None
    organisation: Organisation | None = None
    identifier: IdentifierForm | None = None
    role: Role | None = None
    sector: Sector | None = None
    needs: Needs | None = None
    access_needs: AccessNeeds | None = None
    answers: Annotated[Answers | None, Field(description="all of them: they are checked together")] = None

    def details(self, told: Details) -> Details:
        """Return what is to stand from now on, given what does."""
        sent = self.model_fields_set
        return Details(
            full_name=self.full_name or told.full_name,
            headcount=self.headcount or told.headcount,
            organisation=self.organisation if "organisation" in sent else told.organisation,
            identifier=(self.identifier.kept() if self.identifier else None)
            if "identifier" in sent
            else told.identifier,
            role=self.role if "role" in sent else told.role,
            sector=self.sector if "sector" in sent else told.sector,
            needs=_kept(self.needs) if "needs" in sent else told.needs,
            access_needs=self.access_needs if "access_needs" in sent else told.access_needs,
            answers=_sorted(self.answers or {}) if "answers" in sent else told.answers,
        )


def _kept(needs: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(needs or ())) or None


def _sorted(answers: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {question: tuple(answers[question]) for question in sorted(answers)}
