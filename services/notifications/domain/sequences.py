"""SEQUENCE of a registration's calendar messages, by the rule of `contracts/calendar_entry.py`, which its page follows too."""

from contracts import calendar_entry
from contracts.meetup import MeetupState
from services.notifications.domain.copies import RegistrationCopy


def newest_sequence(known: RegistrationCopy | None, new: RegistrationCopy, meetup: MeetupState | None) -> int | None:
    """Return that of the newest message once a registration went from `known` (None: it is new) to `new`."""
    was_confirmed = known is not None and known.status == "confirmed"
    if new.status != "confirmed" and not was_confirmed:
        return new.calendar_sequence
    if known is not None and known.status == new.status and not new.attends_otherwise(known):
        return new.calendar_sequence
    return next_sequence(known, new, meetup)


def moved(old: MeetupState, new: MeetupState) -> bool:
    """Whether a meetup got another time, place or way of attending, which concerns everybody registered."""
    return new.calendar_sequence > old.calendar_sequence


def joined_elsewhere(old: MeetupState, new: MeetupState) -> bool:
    """Whether it got another address for joining, which concerns those who attend online."""
    return (new.join_changes or 0) > (old.join_changes or 0)


def next_sequence(known: RegistrationCopy | None, new: RegistrationCopy, meetup: MeetupState | None) -> int:
    """Return that of a message to be made now. It never goes back, not even over a cancellation (RFC 5546, 2.1.4)."""
    rule = calendar_entry.sequence(
        meetup_sequence=meetup.calendar_sequence if meetup else 0,
        join_changes=meetup.join_changes if meetup else None,
        own_changes=new.calendar_changes,
        status=new.status,
    )
    last = known.calendar_sequence if known else None
    return rule if last is None else max(rule, last + 1)
