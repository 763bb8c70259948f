"""The processes of a run on this machine: each lives, answers, and what it said last if it does not."""

from collections.abc import AsyncIterator

from local.doctor.findings import Finding, NotLooked, error, warning, well
from local.doctor.patient import Patient
from local.health import PartHealth, ask
from local.last_words import last_words
from local.life import Health
from local.run_state import NotRunningError, RunState, load

_SERVERS = {"postgres", "nats", "smtp"}
MANY_RESTARTS = 3


async def processes(patient: Patient) -> AsyncIterator[Finding]:
    """Every process of a run on this machine is there and says that it is ready; elsewhere that is for metrics and alerts."""
    if patient.data is None:
        raise NotLooked("no network runs on this machine: ask /readyz of each process")
    try:
        state = load(patient.data)
    except NotRunningError as gone:
        raise NotLooked("the run has ended meanwhile") from gone
    parts = [part for part in (await ask(state)).parts if part.name not in _SERVERS]
    for part in parts:
        if not part.is_ready:
            yield _ill(part, state)
        elif part.restarts >= MANY_RESTARTS:
            yield warning(
                f"{part.name} was started again {part.restarts} times",
                meaning="it works now, and fell over before",
                mend=f"read what it said each time: grep critical {_log(part, state)}",
            )
        else:
            yield well(f"{part.name} is ready")


def _ill(part: PartHealth, state: RunState) -> Finding:
    said = part.reason or last_words(state.data / "log" / f"{part.name}.log")
    if part.health == Health.STOPPED:
        return error(
            f"{part.name} has stopped: {said}",
            meaning="its work is not done; it is not started again, for it would say the same",
            mend="do what the line says, then rencontres down and rencontres up",
        )
    if part.health not in set(Health):  # it lives, and says nothing
        return error(
            f"{part.name} does not answer; it said last: {said}",
            meaning="it hangs, and its work waits; it is started again only when it ends",
            mend=f"kill -9 {part.pid}: nothing is lost, and it is started again; keep {_log(part, state)} for whoever looks into it",
        )
    return error(
        f"{part.name} is {part.health}; it said last: {said}",
        meaning="its work waits; it is started again until it is ready",
        mend=f"mend what else is found here; if that is nothing, read {_log(part, state)}",
    )


def _log(part: PartHealth, state: RunState) -> str:
    return str(state.data / "log" / f"{part.name}.log")
