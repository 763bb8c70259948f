"""The errors that any HTTP service may answer with; those of the business live beside the business."""

from collections.abc import Sequence

from chassis.problems.base import FieldError, Problem, Text


class MalformedBody(Problem):
    """Raised when the body is not the JSON or the form it claims to be. The sender must mend it; repeating is pointless."""

    slug, status = "malformed-body", 400
    title = Text("Le corps de la requête est illisible", "The request body cannot be read")


class IdempotencyKeyMissing(Problem):
    """Raised when a POST that creates something has no usable `Idempotency-Key`. Send it again with one."""

    slug, status = "idempotency-key-missing", 400
    title = Text("L’en-tête Idempotency-Key est absent ou invalide", "The Idempotency-Key header is missing or invalid")


class Unauthenticated(Problem):
    """Raised when the caller must be known and is not, or its token has ended. Sign in, then repeat."""

    slug, status = "unauthenticated", 401
    title = Text("Identification nécessaire", "Authentication required")

    def __init__(self, detail: Text | None = None, *, scheme: str = "Bearer") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": scheme})


class Forbidden(Problem):
    """Raised when the caller is known and may not do this. Repeating is pointless."""

    slug, status = "forbidden", 403
    title = Text("Accès refusé", "Access denied")


class NotFound(Problem):
    """Raised when the address leads to nothing, or to something the caller may not know of."""

    slug, status = "not-found", 404
    title = Text("Introuvable", "Not found")


class MethodNotAllowed(Problem):
    """Raised when the address exists but not for this method; `Allow` names those it has."""

    slug, status = "method-not-allowed", 405
    title = Text("Méthode non autorisée", "Method not allowed")


class NotAcceptable(Problem):
    """Raised when none of the formats the caller accepts can be made."""

    slug, status = "not-acceptable", 406
    title = Text("Aucun des formats demandés n’est disponible", "None of the requested formats is available")


class PayloadTooLarge(Problem):
    """Raised when the body is larger than the service reads. Nothing of it was looked at."""

    slug, status = "payload-too-large", 413
    title = Text("Le corps de la requête est trop volumineux", "The request body is too large")


class UnsupportedMediaType(Problem):
    """Raised when the body is of a type the address does not read."""

    slug, status = "unsupported-media-type", 415
    title = Text("Type de contenu non pris en charge", "Unsupported media type")


class InvalidInput(Problem):
    """Raised when fields are missing or not as they must be; `errors` says which and why, never what was sent."""

    slug, status = "invalid-input", 422
    title = Text("Certaines informations sont manquantes ou invalides", "Some fields are missing or invalid")

    def __init__(self, errors: Sequence[FieldError], detail: Text | None = None) -> None:
        super().__init__(detail, errors=errors)


class IdempotencyKeyReused(Problem):
    """Raised when the `Idempotency-Key` came before with another body. Nothing was done; take a new key."""

    slug, status = "idempotency-key-reused", 422
    title = Text(
        "Cette clé Idempotency-Key a déjà servi pour une autre demande",
        "This Idempotency-Key was already used for a different request",
    )


class TooManyRequests(Problem):
    """Raised when the caller asks too often. Repeat after `Retry-After`."""

    slug, status = "too-many-requests", 429
    title = Text("Trop de demandes en peu de temps", "Too many requests in a short time")

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})


class InternalError(Problem):
    """Answered when the program failed in a way nobody foresaw. It is in the log under the trace of the answer."""

    slug, status = "internal-error", 500
    title = Text("Une erreur inattendue s’est produite", "An unexpected error occurred")


class Unavailable(Problem):
    """Raised when something the request needs does not answer for now. The same request may be repeated after `Retry-After`."""

    slug, status = "unavailable", 503
    title = Text("Service momentanément indisponible", "Service temporarily unavailable")

    def __init__(self, detail: Text | None = None, *, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
