"""What a person may ask of us: to see all that is kept, to object, to withdraw a consent, to be erased; to correct it: `correcting`.

The person comes by the link of a mail, an operator by the command line (`person_of`); the use cases are the same.
"""

from services.registration.people.archive import archive
from services.registration.people.consents import withdraw
from services.registration.people.erasing import Erasure, HeldForALegalClaim, erase
from services.registration.people.exporting import Export, export, look
from services.registration.people.finding import Channel, person_of
from services.registration.people.holds import Hold, hold, release
from services.registration.people.labels import Labels, labels
from services.registration.people.objecting import object_to_use
from services.registration.people.readable import Entry, Section, only_in_json, readable

__all__ = [
    "Channel",
    "Entry",
    "Erasure",
    "Export",
    "HeldForALegalClaim",
    "Hold",
    "Labels",
    "Section",
    "archive",
    "erase",
    "export",
    "hold",
    "labels",
    "look",
    "object_to_use",
    "only_in_json",
    "person_of",
    "readable",
    "release",
    "withdraw",
]
