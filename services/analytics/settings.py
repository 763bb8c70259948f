"""Configuration of the analytics service, on top of the chassis's."""

from typing import Annotated

from pydantic import Field

from chassis.settings import ChassisSettings

SERVICE = "analytics"
PACKAGE = "services.analytics"


class AnalyticsSettings(ChassisSettings):
    """Nothing to choose but the pool."""

    pool_size: Annotated[int, Field(ge=2, le=100, description="database connections of a process")] = 8

    @property
    def database_dsn(self) -> str:
        """This service's own database."""
        return self.dsn(SERVICE)
