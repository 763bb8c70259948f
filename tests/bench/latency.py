"""From the request to the mails at a steady 100 registrations/s: form accepted -> attendee's and organiser's mail accepted by SMTP."""

import re
from statistics import median, quantiles

from local.mail_sink import Mail
from tests.bench.figures import Counter, Figure, Limit
from tests.bench.ground import Ground
from tests.fixtures.arena import open_arena
from tests.fixtures.load import Answers, steady
from tests.fixtures.meetups import publish_meetup

PER_SECOND = 100
SECONDS = 20
REFERENCE = re.compile(r"\bR-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b")


async def measure(ground: Ground) -> list[Figure]:
    """Return the 99th percentiles, in seconds."""
    async with open_arena(ground.folder / "arena") as network:
        meetup_id = await publish_meetup(
            network.site, network.admin_token, capacity=PER_SECOND * SECONDS, new_registration_mail="each"
        )
        answers = await steady((network.site,), meetup_id, per_second=PER_SECOND, seconds=SECONDS)
        await network.sink.wait_for_count(2 * PER_SECOND * SECONDS, seconds=60)
        attendees, organisers = _delays(answers, network.sink.mails)
    return [
        Limit("request accepted -> attendee's mail accepted, p99", _p99(attendees), 1.0, "s"),
        Limit("request accepted -> organiser's mail accepted, p99", _p99(organisers), 1.0, "s"),
        Counter("the same, attendee, median", median(attendees), "s"),
        Counter("the same, organiser, median", median(organisers), "s"),
    ]


def _delays(answers: Answers, mails: list[Mail]) -> tuple[list[float], list[float]]:
    """Seconds from the 201 to each mail: those to attendees, those to the organiser. Every mail names its registration."""
    addresses = set(answers.accepted.values())
    attendees: list[float] = []
    organisers: list[float] = []
    for mail in mails:
        found = REFERENCE.search(mail.text())
        if found is None or found.group() not in answers.answered_at:
            continue
        delay = (mail.received_at - answers.answered_at[found.group()]).total_seconds()
        (attendees if mail.recipients[0] in addresses else organisers).append(delay)
    return attendees, organisers


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]
