"""The service's refusals as problem details (RFC 9457)."""

from services.registration.problems.answering import install, problem_of
from services.registration.problems.fields import MESSAGES, address_repeated, same_person, unknown_organisations
from services.registration.problems.kinds import ManageLinkNeeded, SlugTaken, responses

__all__ = [
    "MESSAGES",
    "ManageLinkNeeded",
    "SlugTaken",
    "address_repeated",
    "install",
    "problem_of",
    "responses",
    "same_person",
    "unknown_organisations",
]
