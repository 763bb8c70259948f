"""Invitations to private meetups: made, listed and revoked by organisers. The code itself is shown once, to who made it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.ids import uuid7
from chassis.problems import NotFound
from services.registration.audit import note
from services.registration.domain.invitations import BITS, Invitation, code_from, code_hash
from services.registration.organisers import Organiser
from services.registration.store import meetups as meetup_store
from services.registration.store import queries
from services.registration.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """What an organiser decides of a code."""

    label: str
    max_uses: int | None
    expires_at: datetime | None


async def invite(work: Work, meetup_id: UUID, new: NewInvitation, *, by: Organiser) -> tuple[Invitation, str]:
    """Make a code; return it with its words, which are kept nowhere. Raises NotFound."""
    code = code_from(secrets.randbits(BITS))
    async with work.transaction() as tx:
        invitation = Invitation(
            id=uuid7(),
            label=new.label,
            max_uses=new.max_uses,
            used=0,
            expires_at=new.expires_at,
            created_at=tx.now(),
        )
        made = await queries.insert_invitation.fetchrow(
            tx.connection,
            invitation.id,
            meetup_id,
            code_hash(code),
            invitation.label,
            invitation.max_uses,
            invitation.expires_at,
            invitation.created_at,
        )
        if made is None:
            raise NotFound
        await note(tx, by=by, action="invitation.made", target=meetup_id)
    return invitation, code


async def of_meetup(work: Work, meetup_id: UUID) -> Sequence[Invitation]:
    """Return the codes of a meetup that were not revoked, without their words. Raises NotFound."""
    async with work.database.connection() as connection:
        if not await meetup_store.by_ids(connection, [meetup_id]):
            raise NotFound
        rows = await queries.invitations_of_meetup.fetch(connection, meetup_id)
    return [Invitation(**row) for row in rows]


async def revoke(work: Work, meetup_id: UUID, invitation_id: UUID, *, by: Organiser) -> None:
    """Make a code open nothing any more; who used it before keeps the seat. Raises NotFound: there is none, or it was revoked."""
    async with work.transaction() as tx:
        gone = await queries.revoke_invitation.fetchrow(tx.connection, meetup_id, invitation_id, tx.now())
        if gone is None:
            raise NotFound
        await note(tx, by=by, action="invitation.revoked", target=meetup_id)
