"""Who acts on the organisers' side. For now programs and people with a token; only hashes of tokens are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from chassis.ids import secret_token, token_hash, uuid7
from services.registration.store import queries
from services.registration.work import Work


class Scope(StrEnum):
    """What a token may do."""

    MEETUPS = "meetups"
    REGISTRATIONS = "registrations"
    CHECK_INS = "check-ins"
    ORGANISATIONS = "organisations"


@dataclass(frozen=True, slots=True)
class Organiser:
    """A known caller. `token_id` is what the audit log keeps."""

    token_id: UUID
    scopes: frozenset[str]


async def known(work: Work, token: str) -> Organiser | None:
    """Return whose token this is; None for one that is unknown, expired or revoked."""
    async with work.database.connection() as connection:
        row = await queries.api_token.fetchrow(connection, token_hash(token), work.clock.now())
    return Organiser(token_id=row["id"], scopes=frozenset(row["scopes"])) if row else None


async def mint_token(work: Work, *, name: str, scopes: Iterable[Scope], lasts: timedelta) -> str:
    """Make a token, keep its hash and return it: it is shown once."""
    token, now = secret_token(), work.clock.now()
    async with work.database.connection() as connection:
        await queries.mint_api_token.execute(
            connection, token_hash(token), uuid7(), name, [str(scope) for scope in scopes], now, now + lasts
        )
    return token
