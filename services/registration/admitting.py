"""One transaction that admits a batch: lock, look up, decide, write registrations with their events and answers, commit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from opentelemetry.trace import SpanKind

from chassis import telemetry
from chassis.ids import random_bits, uuid7
from chassis.problems import NotFound
from chassis.spans import Served, batch_span
from contracts.vocabularies import NOT_ASKED
from services.registration import decoys
from services.registration.domain.admitting import (
    Answered,
    Decision,
    Decoy,
    Held,
    Repeated,
    Replayed,
    SeatRequest,
    Waitlisted,
    admit,
)
from services.registration.domain.invitations import Invitation
from services.registration.domain.ledgers import Ledger
from services.registration.domain.questions import Given
from services.registration.domain.references import BITS, reference_from
from services.registration.domain.refusals import Refusal
from services.registration.domain.registrations import Mode, Registration
from services.registration.domain.terms import USUAL, Terms, Told, met
from services.registration.events import Trace, registration_event
from services.registration.filling import filled
from services.registration.receipts import Application, Outcome, Receipt
from services.registration.recording import Writing, write
from services.registration.store import ledgers as ledger_store
from services.registration.store import queries
from services.registration.store.terms import invitation_of, terms_of
from services.registration.work import Transaction, Work

_tracer = telemetry.tracer("admission")


_HELD: Literal["held", "waitlisted"] = "held"
_WAITLISTED: Literal["held", "waitlisted"] = "waitlisted"


@dataclass(frozen=True, slots=True)
class Asked:
    """An application at the desk: the id it will have if it is admitted, and where its trace goes on."""

    application: Application
    id: UUID
    trace: Trace


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says of one application. `first_id` is the registration its key was answered with.

    `told` are its answers to the organiser's questions, or why the meetup's terms say no.
    """

    terms: Terms
    told: Given | Refusal
    invitation: Invitation | None
    person_id: UUID
    newcomer: bool
    registered: bool
    fingerprint: bytes
    answered: Answered | None
    first_id: UUID | None


async def admit_batch(work: Work, batch: Sequence[Asked]) -> list[Outcome | Exception]:
    """Decide and write all of them; each gets an outcome or a refusal, in their order.

    Raises:
        asyncpg.PostgresError, OSError: nothing of the batch was written, or (connection lost at the commit) all of it; the next
            try finds out by the idempotency keys.
    """
    served = [Served(asked.trace) for asked in batch]
    with batch_span(_tracer, "admit batch", kind=SpanKind.INTERNAL, served=served, attributes={}) as span:
        async with work.transaction() as tx:
            outcomes = await _admit(tx, batch)
        references = [outcome.receipt.reference for outcome in outcomes if isinstance(outcome, Outcome)]
        span.set_attribute(telemetry.REFERENCES, references)
    return outcomes


async def _admit(tx: Transaction, batch: Sequence[Asked]) -> list[Outcome | Exception]:
    by_meetup: dict[UUID, list[int]] = {}
    for index, asked in enumerate(batch):
        by_meetup.setdefault(asked.application.meetup_id, []).append(index)
    ledgers = await ledger_store.lock(tx.connection, by_meetup)
    known = await _look_up(tx, batch, by_meetup)
    writing = Writing(now=tx.now())
    outcomes: dict[int, Outcome | Exception] = {}
    for meetup_id, indexes in by_meetup.items():
        rooms = {ledger.mode: ledger for ledger in ledgers.values() if ledger.meetup_id == meetup_id}
        if not rooms or next(iter(rooms.values())).status == "draft":
            outcomes.update((index, NotFound()) for index in indexes)
        else:
            answers = _decide(rooms, [(batch[i], known[i]) for i in indexes], tx=tx, writing=writing)
            outcomes.update(zip(indexes, answers, strict=True))
    await write(tx, writing)
    return [outcomes[index] for index in range(len(batch))]


async def _look_up(tx: Transaction, batch: Sequence[Asked], by_meetup: Mapping[UUID, Sequence[int]]) -> list[_Known]:
    rows = await queries.admission_candidates.fetch(
        tx.connection,
        [asked.application.meetup_id for asked in batch],
        [asked.application.email_key for asked in batch],
        [asked.application.key for asked in batch],
        [asked.application.invitation for asked in batch],
        [by_meetup[asked.application.meetup_id][0] == index for index, asked in enumerate(batch)],
    )
    terms = {
        asked.application.meetup_id: terms_of(row["terms"])
        for asked, row in zip(batch, rows, strict=True)
        if row["terms"] is not None
    }
    now = tx.now()
    ids: dict[str, UUID] = {}
    known = []
    for asked, row in zip(batch, rows, strict=True):
        asks = terms.get(asked.application.meetup_id, USUAL)
        invitation = invitation_of(row) if asks.private and row["invitation_id"] is not None else None
        told = Told(
            headcount=asked.application.headcount,
            answers=asked.application.answers,
            invitation=invitation,
            asked=not asked.application.brought,
        )
        person_id = row["person_id"] or ids.setdefault(asked.application.email_key, uuid7())
        answered = Answered(row["request_hash"], row["response"]) if row["response"] is not None else None
        known.append(
            _Known(
                terms=asks,
                told=met(asks, told, now=now),
                invitation=invitation,
                person_id=person_id,
                newcomer=row["person_id"] is None,
                registered=bool(row["registered"]),
                fingerprint=asked.application.fingerprint(),
                answered=answered,
                first_id=row["registration_id"],
            )
        )
    return known


def _decide(
    rooms: Mapping[Mode, Ledger], pairs: Sequence[tuple[Asked, _Known]], *, tx: Transaction, writing: Writing
) -> list[Outcome | Exception]:
    after, decisions = admit(
        rooms,
        [_request(asked, known) for asked, known in pairs],
        registered={known.person_id for _, known in pairs if known.registered},
        answered={asked.application.key: known.answered for asked, known in pairs if known.answered is not None},
        deadlines=tx.deadlines,
        now=writing.now,
        uses_left={
            known.invitation.id: known.invitation.max_uses - known.invitation.used
            for _, known in pairs
            if known.invitation is not None and known.invitation.max_uses is not None
        },
    )
    writing.ledgers.extend(ledger for mode, ledger in after.items() if ledger != rooms[mode])
    full, meetups = filled(
        {ledger.room: ledger for ledger in rooms.values()}, {ledger.room: ledger for ledger in after.values()}
    )
    writing.filled_rooms.extend(full)
    for meetup_id in meetups:
        writing.filled[meetup_id] = next(
            asked.trace
            for (asked, _), decision in reversed(list(zip(pairs, decisions, strict=True)))
            if isinstance(decision, Held)
        )
    outcomes: list[Outcome | Exception] = []
    for (asked, known), decision in zip(pairs, decisions, strict=True):
        outcomes.append(_outcome(asked, known, decision, earlier=outcomes, rooms=rooms, writing=writing))
    return outcomes


def _request(asked: Asked, known: _Known) -> SeatRequest:
    wish = asked.application
    return SeatRequest(
        known.person_id,
        wish.key,
        known.fingerprint,
        wish.mode,
        refused=known.told if isinstance(known.told, Refusal) else None,
        invitation=known.invitation.id if known.invitation is not None else None,
    )


def _outcome(
    asked: Asked,
    known: _Known,
    decision: Decision,
    *,
    earlier: Sequence[Outcome | Exception],
    rooms: Mapping[Mode, Ledger],
    writing: Writing,
) -> Outcome | Exception:
    match decision:
        case Decoy(looks):
            return _pretend(asked, known, looks, rooms=rooms, writing=writing)
        case Held() | Waitlisted():
            return _accept(asked, known, decision, rooms=rooms, writing=writing)
        case Replayed(text):
            # The first try of this very request may have been committed although its connection was lost.
            return Outcome(Receipt.from_json(text), text, replayed=known.first_id != asked.id)
        case Repeated(index):
            first = earlier[index]
            return replace(first, replayed=True) if isinstance(first, Outcome) else first
        case refusal:
            return refusal


def _accept(
    asked: Asked, known: _Known, decision: Held | Waitlisted, *, rooms: Mapping[Mode, Ledger], writing: Writing
) -> Outcome:
    wish = asked.application.least() if known.terms.least else asked.application
    registration, outcome = _made(asked, known, decision, rooms=rooms, now=writing.now)
    newcomer = (known.person_id, wish.email, wish.email_key) if known.newcomer else None
    answers = None if isinstance(known.told, Refusal) or not known.told else json.dumps(known.told)
    writing.admit(
        registration, wish, newcomer=newcomer, answers=answers, fingerprint=known.fingerprint, text=outcome.text
    )
    if known.invitation is not None:
        writing.invited[known.invitation.id] += 1
    writing.events.append(registration_event(registration, position=outcome.receipt.position, trace=asked.trace))
    return outcome


def _pretend(
    asked: Asked, known: _Known, looks: Held | Waitlisted, *, rooms: Mapping[Mode, Ledger], writing: Writing
) -> Outcome:
    """Answer as if it were new; nothing of a registration is written, and nothing is told but by mail."""
    wish = asked.application
    registration, outcome = _made(asked, known, looks, rooms=rooms, now=writing.now)
    writing.pretended.append(
        decoys.Decoy(
            registration=registration,
            full_name=wish.full_name,
            key=wish.key,
            fingerprint=known.fingerprint,
            text=outcome.text,
        )
    )
    return replace(outcome, pretended=True)


def _made(
    asked: Asked, known: _Known, decision: Held | Waitlisted, *, rooms: Mapping[Mode, Ledger], now: datetime
) -> tuple[Registration, Outcome]:
    wish, ledger = asked.application.least() if known.terms.least else asked.application, rooms[decision.mode]
    number = position = expires_at = None
    if isinstance(decision, Held):
        status, expires_at = _HELD, decision.expires_at
    else:
        status, number, position = _WAITLISTED, decision.number, decision.position
    registration = Registration(
        id=asked.id,
        version=1,
        reference=reference_from(random_bits(BITS)),
        meetup_id=wish.meetup_id,
        person_id=known.person_id,
        mode=decision.mode,
        hybrid=len(rooms) > 1,
        territory=ledger.territory,
        status=status,
        headcount=wish.headcount or NOT_ASKED,
        locale=wish.locale,
        waiting_number=number,
        expires_at=expires_at,
        approval="pending" if ledger.approval else None,
        role=wish.role,
        sector=wish.sector,
        needs=wish.needs,
        timezone=wish.timezone,
        notice_version=wish.notice_version,
        named_by="colleague" if wish.brought else None,
        registered_at=now,
        changed_at=now,
    )
    receipt = Receipt(
        id=asked.id,
        reference=registration.reference,
        meetup_id=wish.meetup_id,
        status=status,
        position=position,
        expires_at=expires_at,
    )
    return registration, Outcome(receipt, receipt.to_json(), replayed=False)
