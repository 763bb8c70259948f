"""The service's refusals as problem details: what a rule says no to becomes an HTTP answer here and nowhere else."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from chassis import logging
from chassis.database import AWAY
from chassis.problems import (
    FieldError,
    IdempotencyKeyReused,
    InvalidInput,
    MethodNotAllowed,
    Problem,
    Text,
    Unavailable,
    respond,
)
from services.registration.domain import refusals
from services.registration.domain.refusals import Refusal

_log = logging.get(__name__)

MESSAGES: Mapping[str, tuple[str, Text]] = MappingProxyType(
    {
        "email": (
            "invalid-email",
            Text("Cette adresse électronique n’est pas valable.", "This e-mail address is not valid."),
        ),
        "control_characters": (
            "control-characters",
            Text("Les caractères de commande ne sont pas acceptés.", "Control characters are not accepted."),
        ),
        "unknown_code": (
            "not-a-choice",
            Text("La valeur ne fait pas partie des choix possibles.", "The value is not one of the choices."),
        ),
        "month_or_days": (
            "month-or-days",
            Text("Demandez un mois, ou des jours, pas les deux.", "Ask for a month or for days, not for both."),
        ),
        "identifier": (
            "invalid-number",
            Text("Ce numéro ne suit pas la règle de son registre.", "This number breaks the rule of its register."),
        ),
        "repeated": ("repeated", Text("Chaque valeur n’est citée qu’une fois.", "Each value is named once.")),
        "nothing_to_change": ("nothing-to-change", Text("Rien n’est à changer.", "Nothing is to be changed.")),
        "timezone_naive": (
            "offset-not-allowed",
            Text(
                "L’heure est celle du lieu, sans décalage horaire.",
                "The time is that of the venue, without UTC offset.",
            ),
        ),
        "unlikely_year": (
            "invalid-date",
            Text("L’année doit être comprise entre 2000 et 2199.", "The year must be between 2000 and 2199."),
        ),
    }
)
"""Words for the errors that our own validators raise (`api.fields`)."""


class RegistrationClosed(Problem):
    """Answered for a meetup that is cancelled, past, or past its closing time. No seat is given; another meetup may have one."""

    slug, status = "registration-closed", 409
    title = Text("Les inscriptions à cette rencontre sont closes", "Registration for this meetup is closed")


class NoSuchRoom(Problem):
    """Answered on asking for a way of attending that the meetup does not have. Choose one of its `rooms`."""

    slug, status = "no-such-room", 409
    title = Text(
        "Cette rencontre ne propose pas ce mode de participation", "This meetup does not offer this way of attending"
    )


class RegistrationExpired(Problem):
    """Answered on acting on a hold or an offer that ran out. The seat went to the next in line; registering again is possible."""

    slug, status = "registration-expired", 409
    title = Text("Cette inscription a expiré", "This registration has expired")


class RegistrationCancelled(Problem):
    """Answered on confirming what was cancelled. A cancelled registration never revives; registering again is possible."""

    slug, status = "registration-cancelled", 409
    title = Text("Cette inscription a été annulée", "This registration was cancelled")


class NoSeatToConfirm(Problem):
    """Answered on confirming a place on the waiting list. A mail comes when a seat is free."""

    slug, status = "no-seat-to-confirm", 409
    title = Text("Aucune place n’est encore disponible", "No seat is available yet")


class ManageLinkNeeded(Problem):
    """Raised on acting with the link shown after the form, which proves no address. The link in the mail may act."""

    slug, status = "manage-link-needed", 403
    title = Text("Utilisez le lien reçu par courriel", "Use the link received by e-mail")


class CapacityBelowTaken(Problem):
    """Answered when fewer seats would be allowed than are taken. Nobody loses a seat that was given; choose a higher capacity."""

    slug, status = "capacity-below-taken", 409
    title = Text("Davantage de places sont déjà attribuées", "More seats than that are already taken")


class NoSeatThere(Problem):
    """Answered on changing to a way of attending that has no free seat, or where somebody waits. The place one has is kept."""

    slug, status = "no-seat-there", 409
    title = Text(
        "Aucune place n’est libre pour cet autre mode\u202f: vous gardez celle que vous avez",
        "No seat is free for that way of attending: you keep the one you have",
    )


class NoOfferToDecline(Problem):
    """Answered on declining what was not offered. What one has may be cancelled."""

    slug, status = "no-offer-to-decline", 409
    title = Text("Aucune place ne vous est proposée en ce moment", "No seat is offered to you at the moment")


class NotToHandOver(Problem):
    """Answered on handing over anything but a confirmed seat. Confirm it first, or give it back."""

    slug, status = "not-to-hand-over", 409
    title = Text("Seule une place confirmée se transmet", "Only a confirmed seat can be handed over")


class OrganisersChoose(Problem):
    """Answered on handing over a seat of a meetup whose organisers approve everybody. They are to be asked."""

    slug, status = "organisers-choose", 409
    title = Text(
        "Les organisateurs valident chaque inscription\u202f: demandez-leur",
        "The organisers approve every registration: ask them",
    )


class NothingToApprove(Problem):
    """Answered on saying yes or no to a registration that waits for no word, or has had the other one."""

    slug, status = "nothing-to-approve", 409
    title = Text("Cette inscription n’attend pas de validation", "This registration awaits no approval")


class RoomInUse(Problem):
    """Answered on giving up a way of attending that somebody has registered for. It stays as it is; its capacity may go down."""

    slug, status = "room-in-use", 409
    title = Text(
        "Des personnes se sont inscrites à ce mode de participation",
        "People have registered for this way of attending",
    )


class MeetupCancelled(Problem):
    """Answered on changing a meetup that will not take place. Cancelling is final: attendees were told."""

    slug, status = "meetup-cancelled", 409
    title = Text("Cette rencontre est annulée", "This meetup is cancelled")


class MeetupIsDraft(Problem):
    """Answered on cancelling or rescheduling a draft, which nobody has seen. Change the draft itself."""

    slug, status = "meetup-is-draft", 409
    title = Text("Cette rencontre n’est pas encore publiée", "This meetup is not published yet")


class MeetupOver(Problem):
    """Answered on publishing or moving a meetup into the past, changing one that ended, or giving a seat back once it began."""

    slug, status = "meetup-over", 409
    title = Text("Il est trop tard pour cette rencontre", "It is too late for this meetup")


class TimeAndPlaceFixed(Problem):
    """Answered on editing time or place of a published meetup. Reschedule it, so that everybody is told."""

    slug, status = "time-and-place-fixed", 409
    title = Text(
        "La date et le lieu d’une rencontre publiée se changent par un report",
        "Time and place of a published meetup are changed by rescheduling it",
    )


class SlugTaken(Problem):
    """Raised when another meetup has this address. Choose another, or leave it out and get one."""

    slug, status = "slug-taken", 409
    title = Text("Cette adresse est celle d’une autre rencontre", "This address is another meetup’s")


_ANSWERS: Mapping[type[Refusal], type[Problem]] = MappingProxyType(
    {
        refusals.RegistrationClosed: RegistrationClosed,
        refusals.NoSuchRoom: NoSuchRoom,
        refusals.KeyReused: IdempotencyKeyReused,
        refusals.RegistrationExpired: RegistrationExpired,
        refusals.RegistrationCancelled: RegistrationCancelled,
        refusals.NoSeatToConfirm: NoSeatToConfirm,
        refusals.CapacityBelowTaken: CapacityBelowTaken,
        refusals.RoomInUse: RoomInUse,
        refusals.NothingToApprove: NothingToApprove,
        refusals.NoSeatThere: NoSeatThere,
        refusals.NoOfferToDecline: NoOfferToDecline,
        refusals.NotToHandOver: NotToHandOver,
        refusals.OrganisersChoose: OrganisersChoose,
        refusals.MeetupCancelled: MeetupCancelled,
        refusals.MeetupIsDraft: MeetupIsDraft,
        refusals.MeetupOver: MeetupOver,
        refusals.TimeAndPlaceFixed: TimeAndPlaceFixed,
    }
)

_FIELDS: Mapping[type[Refusal], tuple[str, Text]] = MappingProxyType(
    {
        refusals.NotHybrid: (
            "#/online_capacity",
            Text(
                "Seule une rencontre sur place et en ligne a deux capacités.",
                "Only a meetup both on site and online has two capacities.",
            ),
        ),
        refusals.ZoneOutsideTerritory: (
            "#/timezone",
            Text("Ce fuseau n’est pas celui du territoire.", "This time zone is none of the territory’s."),
        ),
        refusals.EndsBeforeStart: (
            "#/ends_local",
            Text(
                "La rencontre se termine après son début, et ses inscriptions se ferment avant.",
                "A meetup ends after it begins, and its registrations close before.",
            ),
        ),
        refusals.NoSuchWallTime: (
            "#/starts_local",
            Text(
                "Cette heure n’existe pas à cet endroit (passage à l’heure d’été).",
                "This hour does not exist there (summer time begins).",
            ),
        ),
        refusals.HeadcountMissing: (
            "#/headcount",
            Text("Cette rencontre demande le nombre de salariés.", "This meetup asks for the headcount."),
        ),
        refusals.InvitationRefused: (
            "#/invitation",
            Text("Ce code n’ouvre pas cette rencontre.", "This code does not open this meetup."),
        ),
        refusals.LeadMissing: (
            "#/organisers",
            Text(
                "Une seule organisation est chef de file, et chacune est citée une fois.",
                "Exactly one organisation leads, and each is named once.",
            ),
        ),
    }
)


_ANSWER_WORDS: Mapping[str, tuple[str, Text]] = MappingProxyType(
    {
        "missing": ("required", Text("Cette question attend une réponse.", "This question needs an answer.")),
        "too_long": ("too-long", Text("Cette réponse est trop longue.", "This answer is too long.")),
        "not_a_choice": (
            "not-a-choice",
            Text("La valeur ne fait pas partie des choix possibles.", "The value is not one of the choices."),
        ),
        "one_only": ("too-many", Text("Une seule réponse est attendue.", "One answer is expected.")),
        "unknown": ("unknown-question", Text("Cette question n’est pas posée.", "There is no such question.")),
    }
)

_QUESTION_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "repeated-id": Text("Cet identifiant est déjà celui d’une autre question.", "Another question has this id."),
        "options-missing": Text("Un choix propose au moins deux réponses.", "A choice offers two options at least."),
        "options-superfluous": Text("Une réponse libre n’a pas d’options.", "A question in words has no options."),
        "repeated-option": Text("Deux réponses ont le même identifiant.", "Two options have the same id."),
        "shown-after-what": Text(
            "La condition nomme une réponse proposée par une question précédente.",
            "The condition names an option of an earlier question.",
        ),
    }
)


def problem_of(refusal: Refusal) -> Problem:
    """Return the answer to a refusal."""
    if (kind := _ANSWERS.get(type(refusal))) is not None:
        return kind()
    match refusal:
        case refusals.AnswersRefused(faults=faults):
            return InvalidInput(
                [FieldError(f"#/answers/{name}", *_ANSWER_WORDS[fault]) for name, fault in faults.items()]
            )
        case refusals.QuestionsRefused(faults=wrong):
            return InvalidInput(
                [FieldError(f"#/questions/{at}", fault, _QUESTION_WORDS[fault]) for at, fault in wrong.items()]
            )
    pointer, detail = _FIELDS[type(refusal)]
    if isinstance(refusal, refusals.NoSuchWallTime):
        pointer = f"#/{refusal.field}"
    return InvalidInput([FieldError(pointer, refusal.code, detail)])


def unknown_organisations() -> Problem:
    """Return the answer to organisers that no organisation is."""
    detail = Text("Une de ces organisations n’est pas connue.", "One of these organisations is not known.")
    return InvalidInput([FieldError("#/organisers", "unknown-organisation", detail)])


def address_repeated(pointers: Sequence[str]) -> Problem:
    """Return the answer to a group in which an address comes twice; these are the later ones."""
    detail = Text("Cette adresse figure déjà dans ce groupe.", "This address is in this group already.")
    return InvalidInput([FieldError(pointer, "repeated", detail) for pointer in pointers])


def same_person() -> Problem:
    """Return the answer to handing a seat to oneself."""
    detail = Text("Cette adresse est la vôtre.", "This address is your own.")
    return InvalidInput([FieldError("#/email", "same-person", detail)])


def install(app: Starlette) -> None:
    """Answer refusals of the rules, 503 while the database is away, and 405 with all that an address does have."""

    async def answer(request: Request, error: Exception) -> Response:
        return respond(request, problem_of(cast("Refusal", error)))

    async def come_back(request: Request, error: Exception) -> Response:
        _log.warning("the database does not answer", exc_info=error)
        return respond(request, Unavailable())

    async def method_not_allowed(request: Request, _error: Exception) -> Response:
        return respond(request, MethodNotAllowed(headers={"Allow": ", ".join(sorted(_allowed(app, request)))}))

    app.add_exception_handler(Refusal, answer)
    app.add_exception_handler(405, method_not_allowed)
    for kind in AWAY:
        app.add_exception_handler(kind, come_back)


def _allowed(app: Starlette, request: Request) -> set[str]:
    """Return the methods of all routes at an address; the router by itself names those of the first (RFC 9110, 15.5.6)."""
    methods: set[str] = set()
    for route in iter_route_contexts(app.routes):
        regex: re.Pattern[str] | None = getattr(route, "path_regex", None)
        if regex is not None and regex.match(request.url.path):
            methods |= route.methods or set()
    return methods
