"""Where everything about misuse is decided and counted, for one process: `Defences` is what the guard and the routes ask."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final
from weakref import WeakSet

from opentelemetry.metrics import CallbackOptions, Observation

from chassis import logging
from chassis.clock import Clock
from chassis.limits import Limiter, Policy, Verdict
from chassis.telemetry import meter
from services.registration.defences.alarm import Alarm
from services.registration.defences.challenge import Challenger
from services.registration.defences.kinds import CHALLENGED, Kind
from services.registration.defences.settings import DefenceSettings

_REFUSALS = meter("limits").create_counter(
    "rencontres.limits.refusals", description="Requests refused because their caller asked too often, by policy."
)
_CHALLENGES = meter("limits").create_counter(
    "rencontres.challenges", description="Forms that met a challenge, by what became of them."
)
_log = logging.get(__name__)
_open: "WeakSet[Defences]" = WeakSet()


def _active(_: CallbackOptions) -> Iterable[Observation]:
    """Look whenever somebody reads it: an attack ends without anything happening here."""
    yield Observation(int(any(desk.challenges(at_home=False) for desk in tuple(_open))))


meter("limits").create_observable_gauge(
    "rencontres.challenge.active", [_active], description="1 while strangers are asked for a proof of work."
)


class Defences:
    """Limits, alarm and challenges of a process."""

    def __init__(self, settings: DefenceSettings, clock: Clock) -> None:
        self._clock = clock
        self._mode: Final = settings.challenge
        self._limiter = Limiter()
        self._alarm = Alarm(threshold=settings.challenge_threshold)
        key = settings.challenge_key
        self.challenger = Challenger(
            bits=settings.challenge_bits, key=key.get_secret_value().encode() if key is not None else None
        )
        self.public_url: Final = settings.public_url
        self.by_network: Mapping[Kind, Policy | None] = {
            Kind.READING: settings.limit("reading"),
            Kind.REGISTERING: settings.limit("registrations"),
            Kind.LINKS: settings.limit("links"),
        }
        self.by_address: Mapping[Kind, Policy | None] = {
            Kind.REGISTERING: settings.limit("registrations_by_address"),
            Kind.LINKS: settings.limit("links_by_address"),
        }
        self.guesses = settings.limit("guesses")
        self.organiser = settings.limit("organiser")
        self.copies = settings.limit("copies")
        self.waits = settings.limit("waits")
        sent = (*self.by_network.items(), *self.by_address.items())
        self._of_attacks: Final = {policy for kind, policy in sent if kind in CHALLENGED}
        _open.add(self)

    def now(self) -> float:
        """Return the present, in seconds."""
        return self._clock.now().timestamp()

    def ask(self, policy: Policy | None, caller: bytes, *, network: bytes, cost: int = 1) -> Verdict | None:
        """Count a request. That a network's forms are refused counts towards the alarm. None: there is no such limit."""
        if policy is None:
            return None
        now = self.now()
        verdict = self._limiter.ask(policy, caller, now=now, cost=cost)
        if not verdict.allowed:
            _REFUSALS.add(1, {"policy": policy.name})
            if policy in self._of_attacks and self._alarm.note(network, now=now):
                _log.warning("refusals as of an attack: forms ask for a proof of work", mode=self._mode)
        return verdict

    def challenges(self, *, at_home: bool) -> bool:
        """Tell whether forms ask for a proof of work now. An alarm is about strangers; a switch that is on is for everybody."""
        if self._mode == "on":
            return True
        return self._mode == "auto" and not at_home and self._alarm.raised(now=self.now())

    def note_challenge(self, outcome: str) -> None:
        """Count what became of a challenge."""
        _CHALLENGES.add(1, {"outcome": outcome})


def caller_of_token(authorization: bytes) -> bytes:
    """Return who calls with a token, as a limiter may keep it."""
    return sha256(authorization).digest()
