"""What somebody is told who asks too often, or must work for it first."""

from chassis.problems import Problem, Text, TooManyRequests
from services.registration.defences.challenge import Challenge


class ChallengeRequired(Problem):
    """Answered while the site is under attack. Find a text after which the SHA-256 of `<challenge>:<text>` begins with `bits` zero bits, and send `Challenge-Solution: <challenge>:<text>`."""

    slug, status = "challenge-required", 403
    title = Text("Un calcul est demandé avant cet envoi", "A computation is asked for before this")

    def __init__(self, challenge: Challenge, *, lasts: int) -> None:
        super().__init__(
            Text(
                "Le site reçoit en ce moment des envois automatiques en masse.",
                "The site is receiving automated requests in large numbers.",
            ),
            extensions={
                "algorithm": "sha-256",
                "challenge": challenge.text,
                "bits": challenge.bits,
                "expires_in": lasts,
            },
        )


def too_many(retry_after: int) -> TooManyRequests:
    """Return the answer to whoever asked too often."""
    return TooManyRequests(retry_after=retry_after)
