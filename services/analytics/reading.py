"""How pages and API read: the live set, the clock, the broker's word on the lag, behind one name."""

import calendar
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from chassis.clock import Clock
from chassis.consumer import WORLD_AWAY
from chassis.database import Database
from chassis.problems import Unavailable
from services.analytics import figures
from services.analytics.domain.statistics import By, Filters
from services.analytics.lag import Lag

STATE_NAME = "reports"


@dataclass(frozen=True, slots=True)
class Reports:
    """Reads reports; kept on the application's state."""

    database: Database
    lag: Lag
    clock: Clock
    public_url: str

    @staticmethod
    def of(request: Request) -> "Reports":
        """The one of this application."""
        found: Reports = getattr(request.app.state, STATE_NAME)
        return found

    async def read(self, *, by: tuple[By, ...], filters: Filters, limit: int) -> figures.Report:
        """Read the report. Raises Unavailable while the database is away."""
        try:
            return await figures.read(self.database, by=by, filters=filters, now=self.clock.now(), limit=limit)
        except WORLD_AWAY as error:
            raise Unavailable from error

    async def behind(self) -> int | None:
        """Events not in the report yet, None when nobody knows."""
        return await self.lag.behind()


def chosen_days(month: str | None) -> tuple[date | None, date | None]:
    """First and last day of a month `2027-02`; nothing for no month."""
    if month is None:
        return None, None
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
