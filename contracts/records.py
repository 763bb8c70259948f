"""What a service keeps about one person, asked by request-reply when that person wants to see it (RGPD, article 15).

Asked on `<prefix>.records.<service>`; each service answers for its own database. Nothing is stored by who asks: it goes to the person.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue

from contracts.fact import Code, Fact


class RecordsQuery(Fact):
    """Whose records. Services that know people by their registrations only look for those."""

    person_id: UUID
    registration_ids: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()
    continued: bool = False
    """A further part of a question: what is known by the person's id alone came with the first."""


class RecordSet(Fact):
    """Rows of one kind, such as the mails sent, as the service keeps them."""

    kind: Code
    rows: tuple[dict[str, JsonValue], ...]


class RecordsReply(Fact):
    """All that one service keeps about the person; an empty reply says that it keeps nothing."""

    service: Code
    records: tuple[RecordSet, ...] = ()
