"""Who is meant: by id or address for an operator, by the link of a mail for the person themselves."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.ids import token_hash
from chassis.problems import Unauthenticated
from contracts.fact import Locale
from services.registration.domain.references import read_reference
from services.registration.emails import BadEmail, email_key, normalised
from services.registration.problems import ManageLinkNeeded
from services.registration.store import queries
from services.registration.work import Work

Channel = Literal["link", "command"]
"""By whom a right is used: the person, by the link of a mail, or an operator on their behalf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Somebody who came by the link of a mail: the address is proven, and with it all rights over what is kept under it."""

    person_id: UUID
    registration_id: UUID
    reference: str
    locale: Locale


async def person_of(work: Work, who: str) -> UUID | None:
    """Return whose e-mail address or id this is."""
    with suppress(ValueError):
        return UUID(who)
    try:
        key = email_key(normalised(who.strip()))
    except BadEmail:
        return None
    async with work.database.connection() as connection:
        row = await queries.person_by_email.fetchrow(connection, key)
    return row["id"] if row else None


async def bearer_of(work: Work, *, reference: str, token: str) -> Bearer:
    """Return who holds the link of a mail.

    Raises:
        Unauthenticated: the token is none of this reference, or no longer, or its person is gone; it does not tell which.
        ManageLinkNeeded: the link was shown after the form, hence proves no address.
    """
    read = read_reference(reference)
    async with work.database.connection() as connection:
        row = read and await queries.person_for_token.fetchrow(connection, token_hash(token), read, work.clock.now())
    if not row:
        raise Unauthenticated
    if row["purpose"] != "manage":
        raise ManageLinkNeeded
    return Bearer(
        person_id=row["person_id"],
        registration_id=row["registration_id"],
        reference=row["reference"],
        locale=row["locale"],
    )
