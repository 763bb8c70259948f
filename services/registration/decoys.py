"""What an address is answered that has a registration already: an answer like any other.

Whoever types somebody's address must not learn whether that person comes. The answer has a reference of its own and a state as a
newcomer's would be; it takes no seat. The person is told where strangers do not read: in the mail with all links.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.registration.domain.registrations import Registration
from services.registration.store import queries
from services.registration.work import Transaction

KEPT = timedelta(hours=72)
"""Longer than any link to one opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """A registration that is none, with the first answer to its key."""

    registration: Registration
    full_name: str
    key: str
    fingerprint: bytes
    text: str


async def record(tx: Transaction, decoys: Sequence[Decoy]) -> None:
    """Keep them for as long as they may be looked at, and have their persons told by mail."""
    shown = [decoy.registration for decoy in decoys]
    await queries.record_decoys.execute(
        tx.connection,
        tx.now(),
        [registration.id for registration in shown],
        [registration.reference for registration in shown],
        [registration.meetup_id for registration in shown],
        [registration.mode for registration in shown],
        [registration.person_id for registration in shown],
        [decoy.full_name for decoy in decoys],
        [registration.headcount for registration in shown],
        [registration.locale for registration in shown],
        [registration.expires_at for registration in shown],
        [registration.waiting_number for registration in shown],
        [registration.approval for registration in shown],
        [decoy.key for decoy in decoys],
        [decoy.fingerprint for decoy in decoys],
        [decoy.text for decoy in decoys],
    )
