"""What a person may ask of us: to see all that is kept, to object, to withdraw a consent, to be erased; to correct it: `correcting`.

The person comes by the link of a mail, an operator by the command line (`person_of`); the use cases are the same.
"""

from services.registration.people.archive import archive
from services.registration.people.consents import GivenConsent, consents_of, withdraw
from services.registration.people.erasing import Erasure, HeldForALegalClaim, erase
from services.registration.people.exporting import Export, export
from services.registration.people.finding import Channel, person_of
from services.registration.people.holds import Hold, hold, release
from services.registration.people.labels import Labels, labels
from services.registration.people.objecting import object_to_use
from services.registration.people.overview import Overview, OwnRegistration, overview

__all__ = [
    "Channel",
    "Erasure",
    "Export",
    "GivenConsent",
    "HeldForALegalClaim",
    "Hold",
    "Labels",
    "Overview",
    "OwnRegistration",
    "archive",
    "consents_of",
    "erase",
    "export",
    "hold",
    "labels",
    "object_to_use",
    "overview",
    "person_of",
    "release",
    "withdraw",
]
