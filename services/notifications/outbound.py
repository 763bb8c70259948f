"""The tables as the sender sees them: lanes claimed, held, and given back; what became of each mail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.database import Connection, Database
from chassis.ids import uuid7
from contracts.meetup import MeetupState
from services.notifications.delivery.deliveries import Delivery, Lane
from services.notifications.domain.notices import Kind
from services.notifications.inbound import FACTS
from services.notifications.mail.letter import LinkLine, SummaryLine
from services.notifications.queries import QUERIES

LEASE = timedelta(seconds=20)
MAILS_A_LANE = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mail that was not sent: still waiting, failed or dropped. `tried` says whether it counts as an attempt."""

    delivery_id: UUID
    status: str
    reason: str
    tried: bool


@dataclass(frozen=True, slots=True)
class Return:
    """A lane given back, to be taken again at `retry_at`, or as soon as its next mail is due."""

    recipient_id: UUID
    claim: UUID
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lines:
    """What mails about several meetups list, by delivery."""

    summaries: Mapping[UUID, tuple[SummaryLine, ...]]
    links: Mapping[UUID, tuple[LinkLine, ...]]


class Outbound:
    """The sender's side of the database. Meetups are kept in memory by version: the same one is read for hundreds of mails."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._meetups: dict[UUID, MeetupState] = {}

    async def claim(self, *, lanes: int, now: datetime, held_until: float) -> list[Lane]:
        """Take lanes that are ready, with their mails in order."""
        claim = uuid7()
        async with self._database.connection() as connection:
            rows = await QUERIES.claim_lanes.fetch(connection, now, lanes, claim, now + LEASE, MAILS_A_LANE)
            await self._learn_meetups(connection, rows)
        claimed: dict[UUID, Lane] = {}
        for row in rows:
            key = row["recipient_id"]
            lane = claimed.setdefault(key, Lane(key, claim, held_until, row["taken_over"]))
            if row["id"] is not None:
                lane.deliveries.append(self._delivery(row))
        return list(claimed.values())

    async def renew(self, lanes: Sequence[Lane], *, now: datetime) -> set[UUID]:
        """Hold lanes for longer; return the recipients of those that are still ours."""
        async with self._database.connection() as connection:
            rows = await QUERIES.renew_lanes.fetch(
                connection, [lane.recipient_id for lane in lanes], [lane.claim for lane in lanes], now + LEASE
            )
        return {row["recipient_id"] for row in rows}

    async def record(
        self, *, sent: Sequence[UUID], verdicts: Sequence[Verdict], returns: Sequence[Return], now: datetime
    ) -> None:
        """Write what became of mails and give lanes back, in one transaction."""
        if sent and not verdicts and not returns:
            async with self._database.connection() as connection:
                await QUERIES.record_sent.execute(connection, sent, now)
            return
        async with self._database.transaction() as connection:
            if sent:
                await QUERIES.record_sent.execute(connection, sent, now)
            if verdicts:
                await QUERIES.record_refused.execute(
                    connection,
                    [v.delivery_id for v in verdicts],
                    [v.status for v in verdicts],
                    [v.reason for v in verdicts],
                    [int(v.tried) for v in verdicts],
                    now,
                )
            if returns:
                ids = [r.recipient_id for r in returns]
                await QUERIES.lock_lanes.execute(connection, ids)
                await QUERIES.release_lanes.execute(
                    connection, ids, [r.claim for r in returns], [r.retry_at for r in returns]
                )

    async def lines(self, deliveries: Iterable[Delivery]) -> Lines:
        """Return what the mails about several meetups list: hourly summaries, and mails of links."""
        deliveries = list(deliveries)
        return Lines(summaries=await self._summaries(deliveries), links=await self._links(deliveries))

    async def _summaries(self, deliveries: Iterable[Delivery]) -> dict[UUID, tuple[SummaryLine, ...]]:
        """What a summary tells it has taken for good, so that another try tells the same."""
        wanted = [d for d in deliveries if d.kind is Kind.NEW_REGISTRATIONS]
        if not wanted:
            return {}
        async with self._database.transaction() as connection:
            rows = await QUERIES.take_summaries.fetch(
                connection, [d.id for d in wanted], [d.recipient_id for d in wanted]
            )
        lines: dict[UUID, tuple[SummaryLine, ...]] = {}
        for row in rows:
            meetup = MeetupState.model_validate(row["state"], extra="ignore")
            line = SummaryLine(meetup, row["seated"], row["waitlisted"], row["taken"], row["waiting"])
            lines[row["delivery_id"]] = (*lines.get(row["delivery_id"], ()), line)
        return {key: tuple(sorted(value, key=lambda line: line.meetup.starts_at)) for key, value in lines.items()}

    async def _links(self, deliveries: Iterable[Delivery]) -> dict[UUID, tuple[LinkLine, ...]]:
        asked = {d.id: d.facts.registration_ids for d in deliveries if d.facts.registration_ids}
        if not asked:
            return {}
        async with self._database.connection() as connection:
            rows = await QUERIES.registrations_to_link.fetch(
                connection, sorted({i for ids in asked.values() for i in ids})
            )
        known = [_link_line(row) for row in rows]
        return {key: tuple(line for line in known if line.registration_id in ids) for key, ids in asked.items()}

    async def _learn_meetups(self, connection: Connection, rows: Sequence[asyncpg.Record]) -> None:
        wanted = {
            row["meetup_id"]
            for row in rows
            if row["meetup_version"] is not None and self._known_version(row["meetup_id"]) < row["meetup_version"]
        }
        if wanted:
            if len(self._meetups) > 2_000:
                self._meetups.clear()
            for row in await QUERIES.meetup_states.fetch(connection, list(wanted)):
                self._meetups[row["meetup_id"]] = MeetupState.model_validate(row["state"], extra="ignore")

    def _known_version(self, meetup_id: UUID) -> int:
        known = self._meetups.get(meetup_id)
        return known.version if known else 0

    def _delivery(self, row: asyncpg.Record) -> Delivery:
        return Delivery(
            id=row["id"],
            kind=Kind(row["kind"]),
            recipient_kind=row["recipient_kind"],
            recipient_id=row["recipient_id"],
            registration_id=row["registration_id"],
            meetup_id=row["meetup_id"],
            facts=FACTS.validate_python(row["facts"]),
            trace=row["trace"],
            attempts=row["attempts"],
            due_at=row["due_at"],
            meetup=self._meetups.get(row["meetup_id"]),
            reference=row["reference"] or "",
            locale=row["locale"],
            status=row["status"],
            mode=row["mode"],
            timezone=row["timezone"],
            named_by=row["named_by"],
        )


def _link_line(row: asyncpg.Record) -> LinkLine:
    return LinkLine(
        registration_id=row["registration_id"],
        reference=row["reference"],
        status=row["status"],
        awaiting_approval=row["awaiting_approval"],
        mode=row["mode"],
        timezone=row["timezone"],
        meetup=MeetupState.model_validate(row["state"], extra="ignore"),
    )
