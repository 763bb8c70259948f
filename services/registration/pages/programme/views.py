"""What the templates of the programme read."""

from dataclasses import dataclass
from datetime import date

from services.registration.pages.programme.wanted import Wanted
from services.registration.pages.views import Choice, Meetup, Month, RegionChoices
from services.registration.pages.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A list to choose from, by its name in addresses."""

    name: str
    label: str
    every: str
    """What choosing nothing says."""
    options: tuple[Choice, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The filters: where and words in sight, the rest behind a click that says how many of it are set."""

    action: str
    regions: tuple[RegionChoices, ...]
    territory: str
    words: str
    fields: tuple[Field, ...]
    hidden: int
    """How many of `fields` are set."""
    chez: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief(Chip):
    """A filter that hides all there is, and how much is found without it."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Meetups under a heading, and where there are more of them."""

    heading: str
    meetups: tuple[Meetup, ...]
    more: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One of the clocks of a territory with several, to be chosen."""

    name: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The same search for programs."""

    calendar: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSearch:
    """What is looked for. `guest` is the visit of somebody who lives where they look: their clock stands beside the venue's."""

    form: FilterForm
    chips: tuple[Chip, ...]
    territory: str | None
    """Name of the one that is looked in."""
    guest: Visit
    feeds: Feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of the programme."""

    search: ShownSearch
    found: int
    months: tuple[Month, ...]
    best: tuple[Meetup, ...] = ()
    """Instead of months: those that fit the words best."""
    by_date: str | None = None
    """Where all of them stand by date, if there are more than the best."""
    later: str | None = None
    first: str | None = None
    reliefs: tuple[Relief, ...] = ()
    groups: tuple[Group, ...] = ()
    clocks: tuple[Clock, ...] = ()
    postal_code: str | None = None
    unknown_territory: bool = False
    past: bool = False
    calendar: str
    """The month as a calendar, by the same filters."""

    @property
    def demo(self) -> bool:
        """Whether anything shown is made up."""
        shown = (*(m for month in self.months for m in month.meetups), *self.best)
        return any(meetup.demo for meetup in (*shown, *(m for group in self.groups for m in group.meetups)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the month's table: its first meetups, and how many more there are."""

    date: date
    inside: bool
    today: bool
    meetups: tuple[Meetup, ...] = ()
    others: int = 0
    all: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTable:
    """A month, week by week, Monday first."""

    search: ShownSearch
    first_day: date
    weeks: tuple[tuple[Day, ...], ...]
    weekdays: tuple[tuple[str, str], ...]
    """Full and short names."""
    found: int
    before: str | None
    after: str | None
    before_name: str
    after_name: str
    list: str

    @property
    def demo(self) -> bool:
        """Whether anything shown is made up."""
        return any(meetup.demo for week in self.weeks for day in week for meetup in day.meetups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A meetup, and the sentence that says why."""

    meetup: Meetup
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The questions, what was answered, and what follows."""

    guest: Visit
    needs: tuple[Choice, ...]
    sectors: tuple[Choice, ...]
    regions: tuple[RegionChoices, ...]
    wanted: Wanted
    answered: bool
    proposals: tuple[Proposed, ...]
    all: str
    """Everything that answers the same question."""
