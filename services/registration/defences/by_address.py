"""The limits that a route asks for once it knows the e-mail address or the person: from however many networks they come.

One address is not flooded with mails, and no link keeps the site busy with copies. It counts what is asked,
not what is found: who is registered cannot be told from it. Its state is in no header, only its refusal.
"""

from typing import cast
from uuid import UUID

from starlette.requests import Request

from chassis.client_address import is_at_home, network_of
from chassis.limits import Policy
from services.registration.defences.desk import Defences
from services.registration.defences.kinds import Kind
from services.registration.defences.problems import too_many
from services.registration.emails import email_key

STATE = "defences"
"""Name on the application's state."""


def count(request: Request, kind: Kind, *emails: str) -> None:
    """Count what is asked for these addresses. Raises TooManyRequests."""
    if desk := _desk_for(request):
        for email in emails:
            _count(request, desk, desk.by_address.get(kind), email_key(email).encode())


def count_copy(request: Request, person_id: UUID) -> None:
    """Count a copy of all that is kept of a person: every service is asked, and a document typeset. Raises TooManyRequests."""
    if desk := _desk_for(request):
        _count(request, desk, desk.copies, person_id.bytes)


def _desk_for(request: Request) -> Defences | None:
    desk = cast("Defences | None", getattr(request.app.state, STATE, None))
    return None if is_at_home(request.scope) else desk


def _count(request: Request, desk: Defences, policy: Policy | None, caller: bytes) -> None:
    verdict = desk.ask(policy, caller, network=network_of(request.scope["client"][0]))
    if verdict is not None and not verdict.allowed:
        raise too_many(verdict.retry_after)
