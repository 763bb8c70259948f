"""Asks every process how it is, all at once and briefly, and says the answer in words.

Looking is cheap: however many pages are open, the processes are asked at most once a second.
"""

import asyncio
import time
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, ValidationError

from local.console.gauges import Gauges, read_gauges
from local.console.levels import Level
from local.console.processes import ReadRun, lives
from local.console.prometheus_text import Sample, samples
from local.run_state import ProcessState

_TIMEOUT = httpx.Timeout(1.5, connect=0.5)
_FRESH = 1.0
_LONGEST_REASON = 300


_LIFE = {
    "starting": "it is starting",
    "paused": "it ended, and is started again after a pause",
    "stopped": "it was stopped",
}


class _Check(BaseModel):
    ok: bool
    detail: str = ""


class _Readiness(BaseModel):
    checks: dict[str, _Check]


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """One process as it answered."""

    name: str
    level: Level
    words: str
    reason: str
    port: int | None
    pid: int | None
    restarts: int


@dataclass(frozen=True, slots=True)
class Health:
    """Everything the overview shows."""

    processes: list[ProcessHealth]
    gauges: Gauges
    level: Level
    headline: str
    worries: list[str]


class HealthDesk:
    """Keeps the last answer for a second, and asks again only once however many wait."""

    def __init__(self, run: ReadRun) -> None:
        self.run = run
        self._asking = asyncio.Lock()
        self._last: tuple[float, Health] | None = None
        # Proxies of the environment are for the internet, not for processes of this machine.
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def look(self) -> Health:
        """How everything is, at most a second old."""
        async with self._asking:
            if self._last is None or time.monotonic() - self._last[0] > _FRESH:
                self._last = (time.monotonic(), await self._ask())
            return self._last[1]

    async def _ask(self) -> Health:
        run = self.run()
        answers = await asyncio.gather(*(self._ask_one(process) for process in run.processes)) if run else []
        gauges = read_gauges([sample for _, found in answers for sample in found])
        processes = [health for health, _ in answers]
        level = max((Level.UNKNOWN, gauges.level, *(process.level for process in processes)))
        worries = _worries(processes, gauges)
        return Health(processes, gauges, level, _headline(processes, worries), worries)

    async def _ask_one(self, process: ProcessState) -> tuple[ProcessHealth, list[Sample]]:
        if process.port is None:
            if lives(process.pid):
                return _said(process, Level.WELL, "runs"), []
            return _said(process, Level.TROUBLE, "is gone", process.reason or _LIFE.get(process.health, "")), []
        base = f"http://127.0.0.1:{process.port}"
        ready, metrics = await asyncio.gather(self._get(f"{base}/readyz"), self._get(f"{base}/metrics"))
        found = list(samples(metrics.text, prefix="rencontres_")) if metrics and metrics.is_success else []
        if ready is None:
            return _said(
                process, Level.TROUBLE, "does not answer", process.reason or _LIFE.get(process.health, "")
            ), found
        if ready.is_success:
            return _said(process, Level.WELL, "ready"), found
        return _said(process, Level.TROUBLE, "not ready", _reason(ready)), found

    async def _get(self, url: str) -> httpx.Response | None:
        try:
            return await self._client.get(url)
        except httpx.HTTPError:
            return None


def _said(process: ProcessState, level: Level, words: str, reason: str = "") -> ProcessHealth:
    return ProcessHealth(
        name=process.name,
        level=level,
        words=words,
        reason=reason,
        port=process.port,
        pid=process.pid,
        restarts=process.restarts,
    )


def _reason(answer: httpx.Response) -> str:
    """The checks that failed, as `chassis.health` lists them; or whatever was answered."""
    try:
        checks = _Readiness.model_validate_json(answer.content).checks
    except ValidationError:
        return answer.text[:_LONGEST_REASON].strip()
    return "; ".join(f"{name}: {check.detail or 'failed'}" for name, check in checks.items() if not check.ok)


def _headline(processes: list[ProcessHealth], worries: list[str]) -> str:
    if not processes:
        return "No process is known yet"
    if not worries:
        return "Everything works"
    return worries[0] if len(worries) == 1 else f"{len(worries)} things need a look"


def _worries(processes: list[ProcessHealth], gauges: Gauges) -> list[str]:
    """What is not as it should be, a sentence each."""
    ill = [f"{p.name} {p.words}" for p in processes if p.level >= Level.ATTENTION]
    return ill + [f"{s.name}: {s.words}" for s in gauges.signals if s.level >= Level.ATTENTION]
