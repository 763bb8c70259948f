"""Configuration of the registration service, on top of the chassis's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import EmailStr, Field

from contracts.retention import Retention
from services.registration.defences.settings import DefenceSettings
from services.registration.domain.ledgers import Deadlines


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this site, and the e-mail address where people reach them; empty when nobody said."""

    name: str = ""
    contact: str = ""


class RegistrationSettings(DefenceSettings):
    """How long seats wait for people, and how much may wait for the database."""

    hold_hours: Annotated[float, Field(gt=0, le=24 * 30, description="time to confirm an e-mail address")] = 48
    offer_hours: Annotated[float, Field(gt=0, le=24 * 30, description="time to accept an offered seat")] = 24
    admission_batch: Annotated[int, Field(ge=1, le=1000, description="requests admitted by one transaction")] = 256
    admission_queue: Annotated[int, Field(ge=1, description="requests that may wait; more are asked to come back")] = (
        4096
    )
    operator_name: Annotated[str, Field(max_length=200, description="who runs this site, as the public is told")] = ""
    contact: Annotated[EmailStr | Literal[""], Field(description="where the public reaches them by e-mail")] = ""
    pool_size: Annotated[int, Field(ge=2, le=100, description="database connections of a process")] = 10

    mail_from: Annotated[
        str | None, Field(description="sender of the mails, as notifications has it: ORGANIZER of calendar entries")
    ] = None
    statistics_url: Annotated[
        str,
        Field(
            pattern=r"^(https?://[^\s]+|/[^\s]*)?$",
            description="where the public reads the statistics; pages link there",
        ),
    ] = ""
    stream_replicas: Annotated[
        int | None, Field(ge=1, le=5, description="copies of each stream on a cluster of NATS; as it is if not given")
    ] = None
    retention: Annotated[Retention, Field(description="how long each kind of data is kept")] = Retention()

    @property
    def operator(self) -> Operator:
        """Who answers for the site."""
        return Operator(name=self.operator_name, contact=self.contact)

    @property
    def deadlines(self) -> Deadlines:
        """How long a seat waits for its person."""
        return Deadlines(hold=timedelta(hours=self.hold_hours), offer=timedelta(hours=self.offer_hours))
