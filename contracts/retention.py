"""How long each kind of data is kept: one set of numbers, promised by the notice of one service and held by the jobs of each.

Settings of the services read it from `RENCONTRES_RETENTION__<FIELD>`. Months are months of the calendar.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Days = Annotated[int, Field(ge=1, le=3660)]
Months = Annotated[int, Field(ge=1, le=120)]


class Retention(BaseModel):
    """Durations; what is older goes in the next night, unless the person is held for a legal claim."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unconfirmed_days: Annotated[Days, Field(description="a registration nobody confirmed, after it expired")] = 7
    access_needs_days: Annotated[Days, Field(description="what somebody needs to be welcomed, after the meetup")] = 7
    attendance_months: Annotated[Months, Field(description="who registered and who came, after the meetup")] = 12
    consents_months: Annotated[Months, Field(description="consents, after the last contact from the person")] = 36
    deliveries_months: Annotated[Months, Field(description="which mails went to whom, after they were done")] = 13
    accesses_months: Annotated[Months, Field(description="what organisers did, looking at names included")] = 12
