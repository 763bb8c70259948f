"""What a batch of admissions writes, gathered while it is decided and written by one statement."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chassis.ids import uuid7
from contracts.envelope import Event
from services.registration import decoys
from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Registration, Room
from services.registration.events import Trace
from services.registration.filling import tell_filled
from services.registration.receipts import Application
from services.registration.store import ledgers as ledger_store
from services.registration.store import queries
from services.registration.work import Transaction

_Text = str | None
_Row = tuple[  # one registration, as `record_admissions` takes it
    *tuple[UUID, str, UUID, str, UUID, str, str, str, int | None, datetime | None, _Text],
    *tuple[_Text, _Text, _Text, _Text, _Text, str, _Text, _Text, _Text, _Text, _Text, str, bytes, str, _Text],
]
_ConsentRow = tuple[UUID, UUID, UUID, str, str, str, str]


@dataclass(slots=True)
class Writing:
    """What a batch will write."""

    now: datetime
    newcomers: dict[str, tuple[UUID, str, str]] = field(default_factory=dict)
    rows: list[_Row] = field(default_factory=list)
    consents: list[_ConsentRow] = field(default_factory=list)
    invited: Counter[UUID] = field(default_factory=Counter)
    ledgers: list[Ledger] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pretended: list[decoys.Decoy] = field(default_factory=list)
    filled_rooms: list[Room] = field(default_factory=list)
    filled: dict[UUID, Trace] = field(default_factory=dict)

    def admit(
        self,
        registration: Registration,
        wish: Application,
        *,
        newcomer: tuple[UUID, str, str] | None,
        answers: str | None,
        fingerprint: bytes,
        text: str,
    ) -> None:
        """Add a registration with what was told and the first answer to its key; `newcomer` is a person to be: id, address and its key."""
        if newcomer is not None:
            self.newcomers[wish.email_key] = newcomer
        self.rows.append(_row(registration, wish, answers=answers, fingerprint=fingerprint, text=text))
        self.consents.extend(_consents(registration, wish))


async def write(tx: Transaction, writing: Writing) -> None:
    """Write all of it, and tell it. What was only pretended moves counters as well, and may be of somebody new in this very batch."""
    if writing.ledgers:
        await _record(tx, writing)
    if writing.pretended:
        await decoys.record(tx, writing.pretended)
    tx.tell(writing.events)
    await tell_filled(tx, writing.filled_rooms, writing.filled)


async def _record(tx: Transaction, writing: Writing) -> None:
    newcomers = list(writing.newcomers.values())
    await queries.record_admissions.execute(
        tx.connection,
        writing.now,
        [person_id for person_id, _, _ in newcomers],
        [email for _, email, _ in newcomers],
        [email_key for _, _, email_key in newcomers],
        *_columns(writing.rows, 26),
        *_columns(writing.consents, 7),
        *_columns(list(writing.invited.items()), 2),
        *ledger_store.columns(writing.ledgers),
    )


def _row(registration: Registration, wish: Application, *, answers: str | None, fingerprint: bytes, text: str) -> _Row:
    return (
        registration.id,
        registration.reference,
        registration.meetup_id,
        registration.mode,
        registration.person_id,
        registration.status,
        registration.headcount,
        registration.locale,
        registration.waiting_number,
        registration.expires_at,
        registration.approval,
        registration.role,
        registration.sector,
        None if registration.needs is None else ",".join(registration.needs),
        registration.timezone,
        registration.notice_version,
        wish.full_name,
        wish.organisation,
        wish.identifier.scheme if wish.identifier else None,
        wish.identifier.value if wish.identifier else None,
        wish.access_needs,
        answers,
        wish.key,
        fingerprint,
        text,
        registration.named_by,
    )


def _consents(registration: Registration, wish: Application) -> Iterator[_ConsentRow]:
    for given in wish.consents:
        yield (
            uuid7(),
            registration.person_id,
            registration.id,
            given.purpose,
            given.text_version,
            wish.locale,
            wish.channel,
        )


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    """Turn rows into the arrays that a statement takes, as many as it expects even where there is no row."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
