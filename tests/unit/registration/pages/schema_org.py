"""An event as https://schema.org/Event has it: what its readers ask for (name, start, place), and the rest of what we say, all of it checked."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl
from pydantic.alias_generators import to_camel


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class _Address(_Strict):
    street_address: str = Field(min_length=1)
    address_region: str = Field(min_length=1)
    address_country: str = Field(pattern="^[A-Z]{2}$")
    type: Literal["PostalAddress"] = Field(alias="@type")


class _Place(_Strict):
    type: Literal["Place"] = Field(alias="@type")
    name: str = Field(min_length=1)
    address: _Address


class _Screen(_Strict):
    type: Literal["VirtualLocation"] = Field(alias="@type")
    url: HttpUrl


class _Organisation(_Strict):
    type: Literal["Organization"] = Field(alias="@type")
    name: str = Field(min_length=1)


class _Offer(_Strict):
    type: Literal["Offer"] = Field(alias="@type")
    price: Literal["0"]
    price_currency: Literal["EUR", "XPF"]
    availability: Literal["https://schema.org/InStock", "https://schema.org/SoldOut"]
    url: HttpUrl


class Event(_Strict):
    """A meetup for programs: nothing missing, nothing they would not know."""

    context: Literal["https://schema.org"] = Field(alias="@context")
    type: Literal["Event"] = Field(alias="@type")
    id: HttpUrl = Field(alias="@id")
    url: HttpUrl
    name: str = Field(min_length=1)
    description: str
    start_date: AwareDatetime
    end_date: AwareDatetime
    previous_start_date: AwareDatetime | None = None
    event_status: Literal[
        "https://schema.org/EventScheduled", "https://schema.org/EventRescheduled", "https://schema.org/EventCancelled"
    ]
    event_attendance_mode: Literal[
        "https://schema.org/OfflineEventAttendanceMode",
        "https://schema.org/OnlineEventAttendanceMode",
        "https://schema.org/MixedEventAttendanceMode",
    ]
    location: _Place | _Screen | tuple[_Place, _Screen]
    organizer: list[_Organisation] = Field(min_length=1)
    is_accessible_for_free: Literal[True]
    in_language: Literal["fr"]
    offers: _Offer | None = None
