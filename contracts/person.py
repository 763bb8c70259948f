"""Events of a person: only that somebody was erased. Who it was, no event ever said."""

from uuid import UUID

from contracts.fact import Fact, Instant


class PersonErased(Fact):
    """The person behind this id no longer exists; whoever keeps something under the id forgets it."""

    person_id: UUID
    erased_at: Instant
