"""One registration is one entry in its attendee's calendar, however it got there: by mail, or fetched from its page.

A calendar knows an entry by its UID and takes a newer SEQUENCE for a material change (RFC 5545, 3.8.7.4). Whoever writes the entry follows
these rules, or two copies of it quarrel. Title and description are no material change: an entry written anew brings them with a new DTSTAMP.
"""

from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from contracts.registration import RegistrationStatus

SENDER_NAME = "Rencontres"


def uid(registration_id: UUID, *, public_url: str) -> str:
    """Return the UID, the same from the first message to the last."""
    return f"{registration_id}@{site_host(public_url)}"


def sequence(
    *, meetup_sequence: int, own_changes: int | None, status: RegistrationStatus, join_changes: int | None = None
) -> int:
    """Return the SEQUENCE.

    It grows by one each time the meetup gets another time, zone, place or way of attending (`MeetupState.calendar_sequence`) or another address
    for joining online (`MeetupState.join_changes`; on site as well, or it went back with a change of rooms), each time this registration changes
    between on site and online (`RegistrationState.calendar_changes`), and once more when the seat is given back.
    """
    return meetup_sequence + (join_changes or 0) + (own_changes or 0) + (status in ("cancelled", "expired"))


def organiser(mail_from: str | None, *, public_url: str) -> tuple[str, str]:
    """Return name and address of the sender of mails, who is the ORGANIZER of every entry, or a calendar takes two copies for two entries."""
    name, address = parseaddr(mail_from or f"rencontres@{site_host(public_url)}")
    return name or SENDER_NAME, address


def site_host(public_url: str) -> str:
    """Return the host behind the @ of UIDs and Message-IDs. It must not change while calendars hold entries."""
    host = urlsplit(public_url).hostname or "localhost"
    return "localhost" if _is_address(host) else host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
