"""The limit that a route asks for once it knows the e-mail address: one address is not flooded with mails from many networks.

It counts what is asked, not what is found: who is registered cannot be told from it. Its state is in no header, only its refusal.
"""

from typing import cast

from starlette.requests import Request

from chassis.client_address import is_at_home, network_of
from services.registration.defences.desk import Defences
from services.registration.defences.kinds import Kind
from services.registration.defences.problems import too_many
from services.registration.emails import email_key

STATE = "defences"
"""Name on the application's state."""


def count(request: Request, kind: Kind, *emails: str) -> None:
    """Count what is asked for these addresses. Raises TooManyRequests."""
    desk = cast("Defences | None", getattr(request.app.state, STATE, None))
    if desk is None or is_at_home(request.scope):
        return
    network = network_of(request.scope["client"][0])
    for email in emails:
        verdict = desk.ask(desk.by_address.get(kind), email_key(email).encode(), network=network)
        if verdict is not None and not verdict.allowed:
            raise too_many(verdict.retry_after)
