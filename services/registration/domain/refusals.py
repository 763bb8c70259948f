"""What the rules refuse. Each is a small class: when it is raised, what follows; `code` is its stable name for callers."""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """Base of them all: the request was understood, a rule forbids it, nothing was changed."""

    code: ClassVar[str]


class RegistrationClosed(Refusal):
    """Raised for a meetup that is cancelled, past, or past its closing time. No seat is given; another meetup may have one."""

    code = "registration-closed"


class NoSuchRoom(Refusal):
    """Raised on asking for a way of attending that the meetup does not have. Choose one that it has."""

    code = "no-such-room"


class NoSeatThere(Refusal):
    """Raised on changing to a way of attending that has no free seat, or where somebody waits. The place one has is kept."""

    code = "no-seat-there"


class NoOfferToDecline(Refusal):
    """Raised on declining what was not offered. What one has may be cancelled."""

    code = "no-offer-to-decline"


class NotToHandOver(Refusal):
    """Raised on handing over anything but a confirmed seat. Confirm it first, or give it back."""

    code = "not-to-hand-over"


class OrganisersChoose(Refusal):
    """Raised on handing over a seat of a meetup whose organisers approve everybody. They are to be asked."""

    code = "organisers-choose"


class NothingToApprove(Refusal):
    """Raised on saying yes or no to a registration that waits for no word, or has had the other one."""

    code = "nothing-to-approve"


class RoomInUse(Refusal):
    """Raised on giving up a way of attending that somebody has registered for. It stays as it is; its capacity may go down."""

    code = "room-in-use"


class NotHybrid(Refusal):
    """Raised for an online capacity of a meetup that is not hybrid: its one capacity says all."""

    code = "not-hybrid"


class KeyReused(Refusal):
    """Raised when an idempotency key comes back with another body. The first answer stands; a new key is needed."""

    code = "idempotency-key-reused"


class RegistrationExpired(Refusal):
    """Raised on acting on a hold or an offer that ran out. The seat went to the next in line; registering again is possible."""

    code = "registration-expired"


class RegistrationCancelled(Refusal):
    """Raised on confirming what was cancelled. A cancelled registration never revives; registering again is possible."""

    code = "registration-cancelled"


class NoSeatToConfirm(Refusal):
    """Raised on confirming a place on the waiting list. A mail comes when a seat is free."""

    code = "no-seat-to-confirm"


class CapacityBelowTaken(Refusal):
    """Raised when fewer seats would be allowed than are taken. Nobody loses a seat that was given; choose a higher capacity."""

    code = "capacity-below-taken"


class MeetupCancelled(Refusal):
    """Raised on changing a meetup that will not take place. Cancelling is final: attendees were told."""

    code = "meetup-cancelled"


class MeetupIsDraft(Refusal):
    """Raised on cancelling or rescheduling a draft, which nobody has seen. Change the draft itself."""

    code = "meetup-is-draft"


class MeetupOver(Refusal):
    """Raised on publishing or moving a meetup into the past, changing one that ended, or giving a seat back once it began."""

    code = "meetup-over"


class TimeAndPlaceFixed(Refusal):
    """Raised on editing time or place of a published meetup. Reschedule it, so that everybody is told."""

    code = "time-and-place-fixed"


class NoSuchWallTime(Refusal):
    """Raised for a wall time that the venue's clocks skip when summer time begins. Choose another hour for `field`."""

    code = "no-such-wall-time"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class ZoneOutsideTerritory(Refusal):
    """Raised for a time zone that is none of the territory's. An attendee would come at the wrong hour."""

    code = "zone-outside-territory"


class EndsBeforeStart(Refusal):
    """Raised when a meetup would end at or before its start, or closes its registrations after it."""

    code = "ends-before-start"


class LeadMissing(Refusal):
    """Raised unless exactly one organisation leads and each is named once. Somebody has to answer for the meetup."""

    code = "lead-missing"


class HeadcountMissing(Refusal):
    """Raised where the headcount is asked for and not told. Cafés do without it; every other meetup sizes itself by it."""

    code = "required"


class InvitationRefused(Refusal):
    """Raised at a private meetup for a code that is missing, unknown, used up or over. It never tells which."""

    code = "invitation-refused"


class AnswersRefused(Refusal):
    """Raised when answers to the organiser's questions are missing or do not fit; `faults` tells what, by the question's id."""

    code = "answers-refused"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(*faults)
        self.faults = faults


class QuestionsRefused(Refusal):
    """Raised on asking what could not be asked; `faults` tells what, by the place of the question."""

    code = "questions-refused"

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__(*faults)
        self.faults = faults
