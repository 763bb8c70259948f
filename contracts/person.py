"""Events of a person: opaque ids and facts. Who it is, no event ever says."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.fact import Fact, Instant, Locale


class PersonErased(Fact):
    """The person behind this id no longer exists; whoever keeps something under the id forgets it."""

    person_id: UUID
    erased_at: Instant


class PersonHeld(Fact):
    """A legal claim needs this person's data: whoever keeps something under the id deletes none of it until they are released."""

    person_id: UUID
    held_at: Instant


class PersonReleased(Fact):
    """The claim is over: what has outlived its term goes as it would have gone."""

    person_id: UUID
    released_at: Instant


class PersonLinksRequested(Fact):
    """Somebody asked, with this person's address, for the links to their registrations: they go to that address and nowhere else.

    `registered_again`: the address was used once more for a meetup where it has a registration; the form does not tell, the mail does.
    """

    person_id: UUID
    registration_ids: Annotated[
        tuple[UUID, ...], Field(min_length=1, max_length=50, description="those to come, and those just over")
    ]
    reason: Literal["asked", "registered_again"]
    locale: Locale
    requested_at: Instant
