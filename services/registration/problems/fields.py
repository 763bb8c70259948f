"""What is wrong with one field, in words: errors of our own validators, and refusals of the rules that a field is to blame for."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chassis.problems import FieldError, InvalidInput, Text
from services.registration.domain import refusals
from services.registration.domain.refusals import Refusal

MESSAGES: Mapping[str, tuple[str, Text]] = MappingProxyType(
    {
        "email": (
            "invalid-email",
            Text("Cette adresse e\u2011mail n’est pas valable.", "This e-mail address is not valid."),
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
        "join_url": (
            "invalid-address",
            Text(
                "Une adresse https d’un hôte public est attendue, sans nom ni mot de passe.",
                "An https address of a public host is expected, without name or password.",
            ),
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


_REFUSED: Mapping[type[Refusal], tuple[str, Text]] = MappingProxyType(
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


_NO_SUCH_HOUR = Text(
    "Cette heure n’existe pas à cet endroit (passage à l’heure d’été).",
    "This hour does not exist there (summer time begins).",
)

_ANSWERS: Mapping[str, tuple[str, Text]] = MappingProxyType(
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

_QUESTIONS: Mapping[str, Text] = MappingProxyType(
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


def invalid(refusal: Refusal) -> InvalidInput:
    """Return the answer to a refusal that a field, an answer or a question is to blame for."""
    match refusal:
        case refusals.AnswersRefused(faults=faults):
            errors = [FieldError(f"#/answers/{name}", *_ANSWERS[fault]) for name, fault in faults.items()]
        case refusals.QuestionsRefused(faults=wrong):
            errors = [FieldError(f"#/questions/{at}", fault, _QUESTIONS[fault]) for at, fault in wrong.items()]
        case refusals.NoSuchWallTime(field=field):
            errors = [FieldError(f"#/{field}", refusal.code, _NO_SUCH_HOUR)]
        case _:
            pointer, detail = _REFUSED[type(refusal)]
            errors = [FieldError(pointer, refusal.code, detail)]
    return InvalidInput(errors)


def unknown_organisations() -> InvalidInput:
    """Return the answer to organisers that no organisation is."""
    detail = Text("Une de ces organisations n’est pas connue.", "One of these organisations is not known.")
    return InvalidInput([FieldError("#/organisers", "unknown-organisation", detail)])


def address_repeated(pointers: Sequence[str]) -> InvalidInput:
    """Return the answer to a group in which an address comes twice; these are the later ones."""
    detail = Text("Cette adresse figure déjà dans ce groupe.", "This address is in this group already.")
    return InvalidInput([FieldError(pointer, "repeated", detail) for pointer in pointers])


def same_person() -> InvalidInput:
    """Return the answer to handing a seat to oneself."""
    detail = Text("Cette adresse est la vôtre.", "This address is your own.")
    return InvalidInput([FieldError("#/email", "same-person", detail)])
