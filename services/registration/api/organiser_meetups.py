"""`/api/v1/meetups`, for organisers: drafting, publishing, changing, moving and calling off."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chassis.problems import Forbidden, NotFound, Unauthenticated
from contracts.meetup import OrganiserRole
from services.registration import meetups
from services.registration.access import ORGANISER, organiser_of
from services.registration.api import ROOT
from services.registration.api.fields import (
    Audiences,
    Description,
    Format,
    Incoming,
    JoinUrl,
    Level,
    Needs,
    Sectors,
    TerritoryCode,
    Title,
    VenueAddress,
    VenueName,
    Wall,
    Zone,
)
from services.registration.api.question_forms import QuestionForms, questions_of
from services.registration.api.registrations import BODY_PROBLEMS
from services.registration.api.views import OrganiserMeetupView, organiser_meetup_view
from services.registration.domain.facets import Facets
from services.registration.domain.meetups import AttendanceMode, Part, Programme, Visibility
from services.registration.domain.refusals import (
    CapacityBelowTaken,
    MeetupCancelled,
    MeetupIsDraft,
    MeetupOver,
    RoomInUse,
    TimeAndPlaceFixed,
)
from services.registration.editing import Changes, Kept, NewMeetup, Place, When
from services.registration.organisers import Scope
from services.registration.problems import SlugTaken, responses
from services.registration.slugs import PATTERN
from services.registration.store.meetups import Sheet
from services.registration.wiring import work_of

router = APIRouter(prefix=f"{ROOT}/meetups", tags=["organisers"])

_ORGANISER = ORGANISER[Scope.MEETUPS]
_CALLER_PROBLEMS = (Unauthenticated, Forbidden, NotFound)

Capacity = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Overbooking = Annotated[int, Field(ge=0, le=100, strict=True)]


class VenueForm(Incoming):
    """Where it is held."""

    name: VenueName
    address: VenueAddress

    def place(self) -> Place:
        """Return it for the use case."""
        return Place(name=self.name, address=self.address)


class OrganiserForm(Incoming):
    """Who holds it; exactly one leads."""

    organisation_id: UUID
    role: OrganiserRole

    def part(self) -> Part:
        """Return it for the use case."""
        return Part(organisation_id=self.organisation_id, role=self.role)


Organisers = Annotated[tuple[OrganiserForm, ...], Field(min_length=1, max_length=20)]


class MeetupForm(Incoming):
    """A new meetup. Local times are those of the venue; registrations close at the start unless earlier."""

    slug: Annotated[str | None, Field(pattern=PATTERN, max_length=120)] = None
    title: Title
    description: Description = ""
    territory: TerritoryCode
    format: Format
    attendance_mode: AttendanceMode = "onsite"
    audiences: Annotated[Audiences, Field(description="whom it is for; none says nothing")] = ()
    level: Level | None = None
    sectors: Annotated[Sectors, Field(description="sectors it speaks to; none is all")] = ()
    needs: Annotated[Needs, Field(description="needs it answers")] = ()
    visibility: Annotated[Visibility, Field(description="private: in no list, for those with an invitation")] = "public"
    questions: QuestionForms = ()
    timezone: Zone | None = None
    starts_local: Wall
    ends_local: Wall
    registration_closes_local: Wall | None = None
    venue: VenueForm
    capacity: Annotated[Capacity, Field(description="seats on site, or of the only way of attending")]
    online_capacity: Annotated[
        Capacity | None, Field(description="seats online of a hybrid meetup; as many as on site unless told")
    ] = None
    overbooking_percent: Overbooking = 0
    approval: Annotated[bool, Field(description="organisers say yes to each registration first")] = False
    join_url: Annotated[JoinUrl | None, Field(description="told to confirmed seats online, and to nobody else")] = None
    organisers: Organisers
    demo: bool = False


class MeetupChanges(Incoming):
    """What is to be changed; what is left out stays; a level or join_url of null takes it away. Time and place of a published meetup are changed by rescheduling."""

    title: Title | None = None
    description: Description | None = None
    format: Format | None = None
    attendance_mode: AttendanceMode | None = None
    audiences: Audiences | None = None
    level: Level | None = None
    sectors: Sectors | None = None
    needs: Needs | None = None
    visibility: Visibility | None = None
    questions: QuestionForms | None = None
    timezone: Zone | None = None
    starts_local: Wall | None = None
    ends_local: Wall | None = None
    registration_closes_local: Wall | None = None
    venue: VenueForm | None = None
    capacity: Capacity | None = None
    online_capacity: Capacity | None = None
    overbooking_percent: Overbooking | None = None
    approval: bool | None = None
    join_url: JoinUrl | None = None
    organisers: Organisers | None = None

    @model_validator(mode="after")
    def _something(self) -> "MeetupChanges":
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "nothing is to be changed")
        return self


class NewTime(Incoming):
    """Another time, and perhaps another place. What is left out stays; closing keeps its distance to the start."""

    starts_local: Wall
    ends_local: Wall
    registration_closes_local: Wall | None = None
    timezone: Zone | None = None
    venue: VenueForm | None = None


@router.post(
    "",
    dependencies=[_ORGANISER],
    status_code=201,
    responses=responses(Unauthenticated, Forbidden, SlugTaken, *BODY_PROBLEMS),
)
async def draft_meetup(request: Request, form: MeetupForm) -> OrganiserMeetupView:
    """Keep a new draft, which only organisers see."""
    new = NewMeetup(
        slug=form.slug,
        territory=form.territory,
        programme=Programme(
            title=form.title,
            description=form.description,
            format=form.format,
            attendance_mode=form.attendance_mode,
            facets=Facets(audiences=form.audiences, level=form.level, sectors=form.sectors, needs=form.needs),
            visibility=form.visibility,
            questions=questions_of(form.questions),
        ),
        when=When(
            starts_local=form.starts_local,
            ends_local=form.ends_local,
            closes_local=form.registration_closes_local,
            timezone=form.timezone,
        ),
        place=form.venue.place(),
        capacity=form.capacity,
        online_capacity=form.online_capacity,
        overbooking_percent=form.overbooking_percent,
        approval=form.approval,
        join_url=form.join_url,
        organisers=[organiser.part() for organiser in form.organisers],
        demo=form.demo,
    )
    return _view(request, await meetups.draft(work_of(request), new, by=organiser_of(request)))


@router.patch(
    "/{meetup_id}",
    dependencies=[_ORGANISER],
    responses=responses(
        *_CALLER_PROBLEMS,
        MeetupCancelled,
        MeetupOver,
        TimeAndPlaceFixed,
        CapacityBelowTaken,
        RoomInUse,
        *BODY_PROBLEMS,
    ),
)
async def change_meetup(request: Request, meetup_id: UUID, form: MeetupChanges) -> OrganiserMeetupView:
    """Change a meetup. More seats are offered to those who wait; another address for joining is mailed to confirmed seats online."""
    changes = Changes(
        title=form.title,
        description=form.description,
        format=form.format,
        attendance_mode=form.attendance_mode,
        audiences=form.audiences,
        level=form.level if "level" in form.model_fields_set else Kept.KEPT,
        sectors=form.sectors,
        needs=form.needs,
        visibility=form.visibility,
        questions=questions_of(form.questions) if form.questions is not None else None,
        starts_local=form.starts_local,
        ends_local=form.ends_local,
        closes_local=form.registration_closes_local,
        timezone=form.timezone,
        place=form.venue.place() if form.venue else None,
        capacity=form.capacity,
        online_capacity=form.online_capacity,
        overbooking_percent=form.overbooking_percent,
        approval=form.approval,
        join_url=form.join_url if "join_url" in form.model_fields_set else Kept.KEPT,
        organisers=[organiser.part() for organiser in form.organisers] if form.organisers is not None else None,
    )
    return _view(request, await meetups.change(work_of(request), meetup_id, changes, by=organiser_of(request)))


@router.post(
    "/{meetup_id}/publish",
    dependencies=[_ORGANISER],
    responses=responses(*_CALLER_PROBLEMS, MeetupCancelled, MeetupOver),
)
async def publish_meetup(request: Request, meetup_id: UUID) -> OrganiserMeetupView:
    """Open a draft to the public. Repeating it changes nothing. What attendees will still ask for stands in `missing`."""
    return _view(request, await meetups.publish(work_of(request), meetup_id, by=organiser_of(request)))


@router.post(
    "/{meetup_id}/cancel",
    dependencies=[_ORGANISER],
    responses=responses(*_CALLER_PROBLEMS, MeetupIsDraft, MeetupOver),
)
async def cancel_meetup(request: Request, meetup_id: UUID) -> OrganiserMeetupView:
    """Call a meetup off for good, with all its registrations. Repeating it changes nothing."""
    return _view(request, await meetups.cancel(work_of(request), meetup_id, by=organiser_of(request)))


@router.post(
    "/{meetup_id}/reschedule",
    dependencies=[_ORGANISER],
    responses=responses(*_CALLER_PROBLEMS, MeetupIsDraft, MeetupCancelled, MeetupOver, *BODY_PROBLEMS),
)
async def reschedule_meetup(request: Request, meetup_id: UUID, form: NewTime) -> OrganiserMeetupView:
    """Move a published meetup; registrations stay and everybody is told."""
    when = When(
        starts_local=form.starts_local,
        ends_local=form.ends_local,
        closes_local=form.registration_closes_local,
        timezone=form.timezone,
    )
    place = form.venue.place() if form.venue else None
    return _view(
        request, await meetups.reschedule(work_of(request), meetup_id, when, place=place, by=organiser_of(request))
    )


def _view(request: Request, sheet: Sheet) -> OrganiserMeetupView:
    return organiser_meetup_view(sheet, now=work_of(request).clock.now())
