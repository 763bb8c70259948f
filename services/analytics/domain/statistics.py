"""The figures of the report: what each counts, and what follows from it. Every page and answer takes its numbers from here."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

By = Literal["meetup", "territory", "size", "month"]
SEATS = ("capacity", "seats_allowed", "seats_taken")
PEOPLE = (
    "registrations",
    "held",
    "waiting",
    "offered",
    "confirmed",
    "cancelled",
    "expired",
    "attended",
    "no_show",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted for one line. `expected` are the confirmed of meetups that have ended: the base of the no-show rate."""

    meetups: int = 0
    meetups_ended: int = 0
    meetups_cancelled: int = 0
    capacity: int = 0
    seats_allowed: int = 0
    registrations: int = 0
    held: int = 0
    waiting: int = 0
    offered: int = 0
    confirmed: int = 0
    cancelled: int = 0
    expired: int = 0
    attended: int = 0
    expected: int = 0
    no_show: int = 0

    @property
    def seats_taken(self) -> int:
        """Seats that nobody else can have now."""
        return self.held + self.offered + self.confirmed

    @property
    def no_show_rate(self) -> float | None:
        """Share of the expected who did not come; None before anything has ended."""
        return self.no_show / self.expected if self.expected else None

    @property
    def fill_rate(self) -> float | None:
        """Seats taken as a share of those allowed; None without any."""
        return self.seats_taken / self.seats_allowed if self.seats_allowed else None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one key: a meetup's id, a territory's code, a band of headcount, a month `2027-02`."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which meetups are counted; a meetup belongs to the day it starts on at its venue. Both days are included."""

    territory: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is left out."""
        return self != Filters()
