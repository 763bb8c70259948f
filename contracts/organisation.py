"""Events of an organisation that holds meetups: a chamber, Bpifrance, a partner."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.fact import Code, Fact, Instant, Line, Locale, Version

NewRegistrationMail = Literal["each", "hourly", "none"]


class OrganisationState(Fact):
    """What is public of an organisation, and how it wants to hear of new registrations. Its address is asked for when mail leaves."""

    organisation_id: UUID
    version: Version
    name: Annotated[Line, Field(max_length=200)]
    kind: Annotated[Code, Field(description="code in `contracts/vocabularies.json`")]
    locale: Annotated[Locale, Field(description="language of the mail it gets")]
    new_registration_mail: NewRegistrationMail
    changed_at: Instant
