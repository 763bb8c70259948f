"""What a person may ask of us: to see all that is kept, to correct it, to object, to withdraw a consent, to be erased.

The person comes by the link of a mail (`bearer_of`), an operator by the command line (`person_of`); the use cases are the same.
"""

from services.registration.people.archive import archive
from services.registration.people.erasing import Erasure, HeldForALegalClaim, erase
from services.registration.people.exporting import Channel, Export, export
from services.registration.people.finding import Bearer, bearer_of, person_of
from services.registration.people.holds import Hold, hold, release
from services.registration.people.objecting import object_to_use

__all__ = [
    "Bearer",
    "Channel",
    "Erasure",
    "Export",
    "HeldForALegalClaim",
    "Hold",
    "archive",
    "bearer_of",
    "erase",
    "export",
    "hold",
    "object_to_use",
    "person_of",
    "release",
]
