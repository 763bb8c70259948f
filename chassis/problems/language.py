"""Which of our languages a visitor reads: French unless they say otherwise."""

from typing import Literal

from starlette.requests import Request

Language = Literal["fr", "en"]
DEFAULT_LANGUAGE: Language = "fr"


def language_of_request(request: Request) -> Language:
    """The language of the answer to this request, by its `Accept-Language`."""
    return language_of(request.headers.get("accept-language"))


def language_of(accept_language: str | None) -> Language:
    """The preferred of French and English; the first named wins a tie, French when neither is."""
    wanted = weights(accept_language or "")
    rest = wanted.get("*", 0.0)
    named = [(wanted[tag], -place, tag) for place, tag in enumerate(wanted) if tag in ("fr", "en")]
    best = max(named, default=(0.0, 0, ""))
    if best[0] <= 0.0 or (best[0] < rest and "fr" not in wanted):
        return DEFAULT_LANGUAGE
    return "en" if best[2] == "en" else "fr"


def weights(header: str) -> dict[str, float]:
    """The items of an `Accept` header of any kind with their weights; of languages, the first subtag alone."""
    found: dict[str, float] = {}
    for item in header[:1000].split(","):
        name, _, parameters = item.partition(";")
        name = name.strip().lower()
        if "/" not in name:
            name = name.partition("-")[0]
        if name:
            found[name] = max(found.get(name, 0.0), _weight(parameters))
    return found


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
