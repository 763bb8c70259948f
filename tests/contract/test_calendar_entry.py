"""One entry in a calendar: the UID stays, SEQUENCE grows with what matters and with nothing else."""

from itertools import pairwise
from uuid import UUID

import pytest

from contracts.calendar_entry import sequence, site_host, uid
from contracts.registration import RegistrationStatus
from tests.fixtures.calendar_vectors import SEQUENCES

REGISTRATION = UUID("0190a3c2-7b11-7c11-8c11-000000000001")


@pytest.mark.parametrize(("what", "of_the_meetup", "of_joining", "own", "status", "expected"), SEQUENCES)
def test_the_sequence_follows_from_what_both_sides_know(
    what: str, of_the_meetup: int, of_joining: int | None, own: int | None, status: RegistrationStatus, expected: int
) -> None:
    found = sequence(meetup_sequence=of_the_meetup, join_changes=of_joining, own_changes=own, status=status)
    assert found == expected, what


def test_the_sequence_never_goes_back() -> None:
    assert all(earlier[-1] <= later[-1] for earlier, later in pairwise(SEQUENCES))


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://rencontres.example", "rencontres.example"),
        ("https://rencontres.example:8443/reseau", "rencontres.example"),
        ("http://127.0.0.1:8000", "localhost"),
        ("http://[::1]:8000", "localhost"),
    ],
)
def test_the_uid_is_that_of_the_registration_at_the_site(public_url: str, host: str) -> None:
    assert site_host(public_url) == host
    assert uid(REGISTRATION, public_url=public_url) == f"{REGISTRATION}@{host}"
