"""One batch of events, reduced to what the projection writes: the highest version of each meetup and of each registration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from contracts.envelope import Event
from contracts.meetup import MeetupState
from contracts.registration import RegistrationState


@dataclass(frozen=True, slots=True)
class Batch:
    """What is left of some events; `last_event_at` is the youngest event's own time, None when there was none."""

    meetups: list[MeetupState]
    registrations: list[RegistrationState]
    last_event_at: datetime | None


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


_State = TypeVar("_State", bound=_Versioned)


def reduce(events: Iterable[Event]) -> Batch:
    """Keep the highest version of each aggregate: the others would be overwritten by it anyway. Other aggregates' events count for time only."""
    meetups: dict[UUID, MeetupState] = {}
    registrations: dict[UUID, RegistrationState] = {}
    last: datetime | None = None
    for event in events:
        state = event.data
        if isinstance(state, RegistrationState):
            _keep_newest(registrations, state.registration_id, state)
        elif isinstance(state, MeetupState):
            _keep_newest(meetups, state.meetup_id, state)
        if last is None or event.time > last:
            last = event.time
    return Batch(list(meetups.values()), list(registrations.values()), last)


def _keep_newest(states: dict[UUID, _State], key: UUID, state: _State) -> None:
    known = states.get(key)
    if known is None or state.version > known.version:
        states[key] = state
