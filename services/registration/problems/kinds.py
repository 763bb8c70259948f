"""The kinds of problem of this service: one for each refusal of the rules, named and explained by it, and two of its own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from chassis import problems
from chassis.problems import IdempotencyKeyReused, Problem, Text
from services.registration.domain import refusals
from services.registration.domain.refusals import Refusal


class ManageLinkNeeded(Problem):
    """Raised on acting with the link shown after the form, which proves no address. The link in the mail may act."""

    slug, status = "manage-link-needed", 403
    title = Text("Utilisez le lien reçu par e\u2011mail", "Use the link received by e-mail")


class SlugTaken(Problem):
    """Raised when another meetup has this address. Choose another, or leave it out and get one."""

    slug, status = "slug-taken", 409
    title = Text("Cette adresse est celle d’une autre rencontre", "This address is another meetup’s")


_TITLES: Mapping[type[Refusal], Text] = MappingProxyType(
    {
        refusals.RegistrationClosed: Text(
            "Les inscriptions à cette rencontre sont closes", "Registration for this meetup is closed"
        ),
        refusals.NoSuchRoom: Text(
            "Cette rencontre ne propose pas ce mode de participation",
            "This meetup does not offer this way of attending",
        ),
        refusals.NoSeatThere: Text(
            "Aucune place n’est libre pour cet autre mode\u202f: vous gardez celle que vous avez",
            "No seat is free for that way of attending: you keep the one you have",
        ),
        refusals.NoOfferToDecline: Text(
            "Aucune place ne vous est proposée en ce moment", "No seat is offered to you at the moment"
        ),
        refusals.NotToHandOver: Text(
            "Seule une place confirmée se transmet", "Only a confirmed seat can be handed over"
        ),
        refusals.OrganisersChoose: Text(
            "Les organisateurs valident chaque inscription\u202f: demandez-leur",
            "The organisers approve every registration: ask them",
        ),
        refusals.NothingToApprove: Text(
            "Cette inscription n’attend pas de validation", "This registration awaits no approval"
        ),
        refusals.RoomInUse: Text(
            "Des personnes se sont inscrites à ce mode de participation",
            "People have registered for this way of attending",
        ),
        refusals.RegistrationExpired: Text("Cette inscription a expiré", "This registration has expired"),
        refusals.RegistrationCancelled: Text("Cette inscription a été annulée", "This registration was cancelled"),
        refusals.NoSeatToConfirm: Text("Aucune place n’est encore disponible", "No seat is available yet"),
        refusals.CapacityBelowTaken: Text(
            "Davantage de places sont déjà attribuées", "More seats than that are already taken"
        ),
        refusals.MeetupCancelled: Text("Cette rencontre est annulée", "This meetup is cancelled"),
        refusals.MeetupIsDraft: Text("Cette rencontre n’est pas encore publiée", "This meetup is not published yet"),
        refusals.MeetupOver: Text("Il est trop tard pour cette rencontre", "It is too late for this meetup"),
        refusals.TimeAndPlaceFixed: Text(
            "La date et le lieu d’une rencontre publiée se changent par un report (POST …/reschedule)",
            "Time and place of a published meetup are changed by rescheduling it (POST …/reschedule)",
        ),
    }
)


def _conflict(refusal: type[Refusal], title: Text) -> type[Problem]:
    members = {"__doc__": refusal.__doc__, "slug": refusal.code, "status": 409, "title": title}
    return cast("type[Problem]", type(refusal.__name__, (Problem,), members))


REFUSED: Mapping[type[Refusal], type[Problem]] = MappingProxyType(
    {refusals.KeyReused: IdempotencyKeyReused}
    | {refusal: _conflict(refusal, title) for refusal, title in _TITLES.items()}
)
"""What a request that is refused as a whole is answered with; refusals of one field are in `fields`."""


def responses(*kinds: type[Problem] | type[Refusal]) -> dict[int | str, dict[str, object]]:
    """The `responses=` of a route that may end in these problems and refusals."""
    return problems.responses(*(REFUSED[kind] if issubclass(kind, Refusal) else kind for kind in kinds))
