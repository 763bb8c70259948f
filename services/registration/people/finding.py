"""Who is meant by an id or an address; the person themselves comes by the link of a mail, which names their registration."""

from contextlib import suppress
from typing import Literal
from uuid import UUID

from services.registration.emails import BadEmail, email_key, normalised
from services.registration.store import queries
from services.registration.work import Work

Channel = Literal["link", "command"]
"""By whom a right is used: the person, by the link of a mail, or an operator on their behalf."""


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
