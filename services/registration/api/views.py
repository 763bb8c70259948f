"""What the API shows of meetups and registrations."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.fact import Locale, WallTime
from contracts.meetup import OrganiserRole
from contracts.registration import CancelledBy, RegistrationStatus
from services.registration.domain.attendance import ScanResult
from services.registration.domain.ledgers import Ledger
from services.registration.domain.meetups import AttendanceMode, MeetupStatus, Visibility
from services.registration.domain.questions import QuestionKind
from services.registration.domain.registrations import Approval, Mode
from services.registration.registering import Shown
from services.registration.store.meetups import Sheet


class View(BaseModel):
    """Something that is answered."""

    model_config = ConfigDict(frozen=True)


class VenueView(View):
    """Where it is held."""

    name: str
    address: str


class OrganiserView(View):
    """Who holds it."""

    organisation_id: UUID
    name: str
    kind: str
    role: OrganiserRole


class SeatsView(View):
    """Whether one can register. `free` is 0 while somebody waits: whoever waits comes first. How much is overbooked, it does not tell."""

    capacity: int
    free: int
    waiting: int
    open: bool


class RoomView(SeatsView):
    """The seats of one way of attending."""

    mode: Mode


class OrganiserRoomView(RoomView):
    """The seats of one way of attending, as organisers see them."""

    seats_allowed: int
    seats_taken: int


class OptionView(View):
    """One answer to choose."""

    id: str
    label: str


class ShowIfView(View):
    """The answer after which a question is asked."""

    question: str
    option: str


class QuestionView(View):
    """What the organiser asks of who registers, in the organiser's words."""

    id: str
    kind: QuestionKind
    label: str
    options: tuple[OptionView, ...]
    required: bool
    show_if: ShowIfView | None = None


class MeetupView(View):
    """A meetup as everybody sees it. Local times are those of the venue."""

    id: UUID
    slug: str
    status: MeetupStatus
    title: str
    description: str
    territory: str
    format: str
    attendance_mode: AttendanceMode
    audiences: Annotated[tuple[str, ...], Field(description="whom it is for; none says nothing")]
    level: Annotated[str | None, Field(description="what one should know before")]
    sectors: Annotated[tuple[str, ...], Field(description="sectors it speaks to; none is all")]
    needs: Annotated[tuple[str, ...], Field(description="needs it answers")]
    timezone: str
    starts_local: WallTime
    ends_local: WallTime
    registration_closes_local: WallTime
    starts_at: datetime
    ends_at: datetime
    registration_closes_at: datetime
    venue: VenueView
    organisers: tuple[OrganiserView, ...]
    seats: Annotated[SeatsView, Field(description="on site, or of the only way of attending")]
    rooms: Annotated[tuple[RoomView, ...], Field(description="seats of each way of attending; a hybrid meetup has two")]
    approval: Annotated[bool, Field(description="organisers say yes to each registration first")]
    visibility: Visibility
    questions: tuple[QuestionView, ...]
    demo: Annotated[bool, Field(description="made up for a demonstration")]


class OrganiserMeetupView(MeetupView):
    """A meetup as its organisers see it."""

    version: int
    overbooking_percent: int
    seats_allowed: int
    seats_taken: int
    calendar_sequence: int
    rooms: tuple[OrganiserRoomView, ...]
    join_url: Annotated[str | None, Field(description="told to confirmed seats online, and to nobody else")]
    missing: Annotated[
        tuple[Literal["join_url"], ...],
        Field(description="what attendees need and are not told yet; it may be added once published"),
    ]


class MeetupPage(View):
    """A page of the programme; `next` is the cursor of the next one, null on the last."""

    items: tuple[MeetupView, ...]
    next: str | None = None


class ReceiptView(View):
    """A registration just made: a seat held until `expires_at`, or the `position` on the waiting list. Names nobody."""

    id: UUID
    reference: str
    meetup_id: UUID
    status: Literal["held", "waitlisted"]
    position: int | None = None
    expires_at: datetime | None = None


class RegistrationView(View):
    """A registration as its link shows it. `may_act` says whether this link may confirm and cancel."""

    id: UUID
    reference: str
    status: RegistrationStatus
    mode: Mode
    awaiting_approval: Annotated[bool, Field(description="waitlisted until an organiser has said yes")] = False
    position: int | None = None
    expires_at: datetime | None = None
    cancelled_by: CancelledBy | None = None
    attended: bool
    full_name: str | None = None
    headcount: str
    locale: Locale
    registered_at: datetime
    may_act: bool
    join_url: Annotated[
        str | None, Field(description="where to join; with a mailed link, for a confirmed seat online")
    ] = None
    meetup: MeetupView


class AttendeeView(View):
    """A registration as the organisers of its meetup see it. Name and address are null once the person was erased."""

    id: UUID
    reference: str
    status: RegistrationStatus
    mode: Mode
    approval: Approval | None = None
    position: int | None = None
    full_name: str | None = None
    email: str | None = None
    organisation: str | None = None
    identifier_scheme: str | None = None
    identifier_value: str | None = None
    headcount: str
    role: str | None = None
    sector: str | None = None
    needs: tuple[str, ...] | None = None
    access_needs: str | None = None
    answers: Annotated[
        dict[str, tuple[str, ...]] | None, Field(description="to the organisers' questions: words, or ids of options")
    ] = None
    locale: Locale
    attended: bool
    attended_at: datetime | None = None
    expires_at: datetime | None = None
    registered_at: datetime


class AttendeePage(View):
    """A page of registrations in order of arrival."""

    items: tuple[AttendeeView, ...]
    next: str | None = None


class ScanView(View):
    """What one scan came to; `repeated` when it had been received before."""

    scan_id: UUID
    result: ScanResult
    repeated: bool


class ScansView(View):
    """Results in the order of the scans."""

    results: tuple[ScanView, ...]


class OrganisationView(View):
    """An organisation as it declared itself. Its address is not shown."""

    id: UUID
    version: int
    name: str
    kind: str
    locale: Locale
    new_registration_mail: Literal["each", "hourly", "none"]


def meetup_view(sheet: Sheet, *, now: datetime) -> MeetupView:
    """Show a meetup to everybody."""
    return MeetupView.model_validate(_meetup(sheet, now=now))


def organiser_meetup_view(sheet: Sheet, *, now: datetime) -> OrganiserMeetupView:
    """Show a meetup to its organisers, who see its seats as they are."""
    sheet = sheet.true()
    return OrganiserMeetupView.model_validate(
        _meetup(sheet, now=now)
        | {
            "version": sheet.meetup.version,
            "overbooking_percent": sheet.seats.overbooking_percent,
            "seats_allowed": sheet.seats.allowed,
            "seats_taken": sheet.seats.taken,
            "calendar_sequence": sheet.meetup.calendar_sequence,
            "join_url": sheet.meetup.join_url,
            "missing": ("join_url",) if sheet.meetup.lacks_join_url else (),
            "rooms": tuple(
                OrganiserRoomView(
                    **_room(room, now=now), mode=room.mode, seats_allowed=room.allowed, seats_taken=room.taken
                )
                for room in sheet.rooms
            ),
        }
    )


def registration_view(shown: Shown, *, now: datetime) -> RegistrationView:
    """Show a registration to the bearer of its link."""
    registration = shown.registration
    return RegistrationView(
        id=registration.id,
        reference=registration.reference,
        status=registration.status,
        mode=registration.mode,
        awaiting_approval=registration.approval == "pending" and registration.active,
        position=shown.position,
        expires_at=registration.expires_at,
        cancelled_by=registration.cancelled_by,
        attended=registration.attended,
        full_name=shown.full_name,
        headcount=registration.headcount,
        locale=registration.locale,
        registered_at=registration.registered_at,
        may_act=shown.purpose == "manage",
        join_url=shown.join_url,
        meetup=meetup_view(shown.sheet, now=now),
    )


def _meetup(sheet: Sheet, *, now: datetime) -> dict[str, object]:
    meetup, seats, at, about = sheet.meetup, sheet.seats, sheet.meetup.occasion, sheet.meetup.programme
    return {
        "id": meetup.id,
        "slug": meetup.slug,
        "status": meetup.status,
        "title": about.title,
        "description": about.description,
        "territory": meetup.territory,
        "format": about.format,
        "attendance_mode": about.attendance_mode,
        "audiences": about.facets.audiences,
        "level": about.facets.level,
        "sectors": about.facets.sectors,
        "needs": about.facets.needs,
        "timezone": at.timezone,
        "starts_local": at.starts_local,
        "ends_local": at.ends_local,
        "registration_closes_local": at.closes_local,
        "starts_at": at.starts_at,
        "ends_at": at.ends_at,
        "registration_closes_at": at.closes_at,
        "venue": VenueView(name=at.venue_name, address=at.venue_address),
        "organisers": tuple(
            OrganiserView(organisation_id=o.organisation_id, name=o.name, kind=o.kind, role=o.role)
            for o in sheet.organisers
        ),
        "seats": SeatsView(**_room(seats, now=now)),
        "rooms": tuple(RoomView(**_room(room, now=now), mode=room.mode) for room in sheet.rooms),
        "approval": meetup.approval,
        "visibility": about.visibility,
        "questions": tuple(QuestionView.model_validate(question, from_attributes=True) for question in about.questions),
        "demo": meetup.demo,
    }


class _Seats(TypedDict):
    capacity: int
    free: int
    waiting: int
    open: bool


def _room(room: Ledger, *, now: datetime) -> _Seats:
    return {
        "capacity": room.capacity,
        "free": room.announced,
        "waiting": room.announced_waiting,
        "open": room.accepts(now=now),
    }
