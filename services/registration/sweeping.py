"""What time does by itself: holds and offers run out, and what is kept for a while is forgotten. Several workers may sweep at once."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from chassis import logging, telemetry
from services.registration import decoys
from services.registration.domain import seats
from services.registration.domain.registrations import Registration
from services.registration.promoting import settle
from services.registration.store import ledgers as ledger_store
from services.registration.store import queries
from services.registration.store import registrations as registration_store
from services.registration.work import Work

BATCH = 500
KEYS_KEPT = timedelta(hours=24)
PURGE_BATCH = 10_000

_log = logging.get(__name__)
_tracer = telemetry.tracer("sweep")


async def expire_due(work: Work, *, limit: int = BATCH) -> int:
    """Let holds and offers that ran out go, offer their seats, and return how many went. Full batches mean there may be more."""
    async with work.database.connection() as connection:
        hint = await queries.meetups_with_due_registrations.fetch(connection, work.clock.now(), limit)
    meetup_ids = [row["meetup_id"] for row in hint]
    if not meetup_ids:
        return 0
    try:
        return await _expire(work, meetup_ids, limit=limit)
    except asyncpg.IntegrityConstraintViolationError:
        # One meetup whose counters are wrong must not keep the seats of all the others.
        return sum([await _expire_alone(work, meetup_id, limit=limit) for meetup_id in meetup_ids])


async def _expire_alone(work: Work, meetup_id: UUID, *, limit: int) -> int:
    try:
        return await _expire(work, [meetup_id], limit=limit)
    except asyncpg.IntegrityConstraintViolationError as error:
        _log.error("the holds of a meetup cannot expire", meetup=meetup_id, exc_info=error)
        return 0


async def _expire(work: Work, meetup_ids: Sequence[UUID], *, limit: int) -> int:
    with _tracer.start_as_current_span("expire", record_exception=False) as span:
        async with work.transaction() as tx:
            before = await ledger_store.lock(tx.connection, meetup_ids)
            ledgers, now = dict(before), tx.now()
            expired: list[Registration] = []
            for room, due in (await registration_store.due(tx.connection, meetup_ids, now=now, limit=limit)).items():
                ledgers[room], gone = seats.expire(ledgers[room], due, now=now)
                expired.extend(gone)
            ledgers, pretended = await decoys.expire(tx, ledgers)
            offered = await settle(tx, before, ledgers, expired)
        span.set_attribute(telemetry.REFERENCES, [registration.reference for registration in (*expired, *offered)])
    return len(expired) + pretended


async def purge(work: Work) -> int:
    """Forget old idempotency keys, links and decoys, and return how many rows went."""
    now = work.clock.now()
    async with work.database.connection() as connection:
        keys = await queries.purge_idempotency_keys.execute(connection, now - KEYS_KEPT, PURGE_BATCH)
        links = await queries.purge_access_tokens.execute(connection, now, PURGE_BATCH)
        pretended = await queries.purge_decoys.execute(
            connection, now - decoys.KEPT, now - decoys.SHOWN_AFTER_END, PURGE_BATCH
        )
    return sum(int(done.split()[-1]) for done in (keys, links, pretended))


async def oversold(work: Work) -> int:
    """Return how many meetups to come have more seats taken than allowed, or counters that differ from a recount. Must be 0."""
    async with work.database.connection() as connection:
        count: int = await queries.meetups_out_of_balance.fetchval(connection, work.clock.now())
    return count
