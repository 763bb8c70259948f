"""`rencontres demo`: 200 people for 120 seats, through the running network, live."""

import asyncio

from local.commands.options import Data
from local.failure import Failure
from local.run_state import DEFAULT_DATA, RunState, admin_token_file, load


class NoMailboxError(Failure):
    """Mail of this run goes to a real server, and a demo writes to no real server; start one without RENCONTRES_SMTP_URL."""


def demo(*, data: Data = DEFAULT_DATA) -> None:
    """Drive a whole meetup through the running network, and print what happened."""
    state = load(data)
    if {"smtp", "otlp"} & set(state.external):
        raise NoMailboxError(
            "the demo reads mails and traces in the console: start the network without RENCONTRES_SMTP_URL "
            "and OTEL_EXPORTER_OTLP_ENDPOINT"
        )
    asyncio.run(_demo(state))


async def _demo(state: RunState) -> None:
    from local.demo.site import site
    from local.demo.story import tell
    from local.demo.teller import Teller

    teller = Teller()
    token = admin_token_file(state.data).read_text().strip()
    async with site(url=state.public_url, admin_token=token) as network:
        ending = await tell(network, teller, console_url=state.console_url, analytics_url=state.analytics_url)
    teller.end(
        [
            ("trace", f"{state.console_url}/references/{ending.reference}"),
            ("report", f"{state.analytics_url}/statistiques"),
            ("mailbox", f"{state.console_url}/mailbox"),
            ("meetup", f"{state.public_url}/rencontres/{ending.meetup['slug']}"),
        ]
    )
