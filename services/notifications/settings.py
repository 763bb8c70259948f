"""Configuration of the notifications service."""

from datetime import time, timedelta
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import AfterValidator, Field, UrlConstraints
from pydantic_core import Url

from chassis.settings import ChassisSettings
from contracts.calendar_entry import organiser, site_host
from contracts.retention import Retention
from services.notifications.domain.retries import RetryPolicy
from services.notifications.mail.mailbox import Mailbox


def _known_options(url: Url) -> Url:
    """Refuse what would be passed over: with `starttls` mistyped, mail would leave in clear."""
    options = dict(parse_qsl(url.query or "", keep_blank_values=True))
    if unknown := options.keys() - {"starttls"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is no option of this URL; starttls is")
    if options.get("starttls", "auto") not in ("auto", "required", "never"):
        raise ValueError("starttls is auto, required or never")
    return url


SmtpUrl = Annotated[
    Url, UrlConstraints(allowed_schemes=["smtp", "smtps"], host_required=True), AfterValidator(_known_options)
]


class NotificationSettings(ChassisSettings):
    """What the worker and the sender need besides what every process needs."""

    smtp_url: Annotated[
        SmtpUrl,
        Field(
            description="smtp://user:password@host:port?starttls=auto|required|never; smtps:// for TLS from the start"
        ),
    ] = Url("smtp://127.0.0.1:2525")
    smtp_connections: Annotated[
        int, Field(ge=1, le=64, description="kept open; also how many mails a killed sender can double")
    ] = 20
    mail_from: Annotated[
        str | None, Field(description="`Name <address>` or address; `rencontres@` the public host by default")
    ] = None
    mail_attempts: Annotated[int, Field(ge=1, description="refusals after which a mail is given up")] = 30
    mail_max_age: Annotated[timedelta, Field(description="age at which a refused mail is given up")] = timedelta(
        hours=48
    )
    reminder_hour: Annotated[
        time, Field(description="hour of the reminder, the day before, on the clock of each venue")
    ] = time(10)

    retention: Annotated[Retention, Field(description="how long each kind of data is kept")] = Retention()

    @property
    def database_dsn(self) -> str:
        """Of this service's own database."""
        return self.dsn("notifications")

    @property
    def mail_host(self) -> str:
        """Right-hand side of Message-IDs and calendar UIDs: the public host, which must not change while calendars hold entries."""
        return site_host(self.public_url)

    @property
    def sender(self) -> Mailbox:
        """From of every mail and ORGANIZER of every calendar entry. Never a no-reply address: people do answer."""
        name, address = organiser(self.mail_from, public_url=self.public_url)
        return Mailbox(address, name)

    @property
    def retries(self) -> RetryPolicy:
        """How long a refused mail is tried."""
        return RetryPolicy(attempts=self.mail_attempts, age=self.mail_max_age)
