"""`rebuild` as an operator runs it: progress and findings on stderr, an exit code for scripts."""

import sys
import time
from dataclasses import dataclass, field

from chassis.broker import connect
from chassis.database import Database
from contracts.consumers import ANALYTICS
from services.analytics.rebuild.comparison import Comparison
from services.analytics.rebuild.rebuilding import Outcome, Rebuild, RebuildRunning, WouldLose, claimed
from services.analytics.rebuild.replay import Replay, ReplayBroken, StreamIncomplete
from services.analytics.settings import AnalyticsSettings
from services.analytics.store import QUERIES

DIFFERENT = 1
REFUSED = 2
_EVERY = 0.5


async def rebuild(settings: AnalyticsSettings, *, check: bool, force: bool, dry_run: bool) -> int:
    """Rebuild, or only compare. Returns 0, DIFFERENT (check), or REFUSED (nothing was changed)."""
    client = await connect(settings.nats, name="analytics-rebuild", on_closed=lambda: None)
    database = await Database.connect(settings.database_dsn, application="analytics-rebuild", max_size=2)
    job = Rebuild(database, client.jetstream(), settings.topology, progress=_Progress(), check=check, force=force)
    try:
        if dry_run:
            return await _say_what_would_be_done(job)
        return _report(await job.run())
    except (RebuildRunning, StreamIncomplete, ReplayBroken) as error:
        _say(f"refused: {error}. The reports are as they were.")
        return REFUSED
    except WouldLose as error:
        _say_differences(error.comparison)
        _say(
            "refused: the live reports know what the stream does not. Run `rencontres republish` first, or use --force."
        )
        return REFUSED
    finally:
        await database.close()
        await client.close()


async def drop_old(settings: AnalyticsSettings, *, dry_run: bool) -> int:
    """Delete the sets that earlier rebuilds kept."""
    database = await Database.connect(settings.database_dsn, application="analytics-rebuild", max_size=1)
    try:
        async with database.connection() as connection:
            rows = await QUERIES.old_sets.fetch(connection)
            names = ", ".join(row["name"] for row in rows) or "none"
            if not dry_run:
                await QUERIES.drop_old_sets.execute(connection)
    finally:
        await database.close()
    _say(f"{'would drop' if dry_run else 'dropped'}: {names}")
    return 0


async def _say_what_would_be_done(job: Rebuild) -> int:
    async with claimed(job.database.dsn) as connection:
        replay = await Replay.open(job.js, job.topology, aggregates=ANALYTICS.aggregates)
        try:
            events = await replay.remaining()
        finally:
            await replay.close()
        rows = await QUERIES.old_sets.fetch(connection)
    _say(f"would read {events} events into a second set of tables, compare it with the live one and swap them")
    _say(f"kept from earlier rebuilds: {', '.join(row['name'] for row in rows) or 'nothing'}")
    return 0


def _report(outcome: Outcome) -> int:
    _say(f"read {outcome.events} events" + (f", {outcome.unreadable} unreadable" if outcome.unreadable else ""))
    _say_differences(outcome.comparison)
    if outcome.kept_as is None:
        return DIFFERENT if outcome.comparison.errors else 0
    _say(f"swapped; the former set is kept as {outcome.kept_as} until `rebuild --drop-old`")
    return 0


def _say_differences(comparison: Comparison) -> None:
    if not comparison.differences:
        _say("rebuilt == live")
    for difference in comparison.differences:
        _say(f"difference: {difference}")
    if comparison.behind:
        _say(f"the projector is {comparison.behind} events behind; what is not yet in live is no error")


@dataclass(slots=True)
class _Progress:
    """One line, rewritten on a terminal, twice a second at most."""

    began: float = field(default_factory=time.monotonic)
    last: float = 0.0

    def __call__(self, read: int, left: int) -> None:
        now = time.monotonic()
        if left and now - self.last < _EVERY:
            return
        self.last = now
        rate = read / max(now - self.began, 0.001)
        end = "\r" if sys.stderr.isatty() and left else "\n"
        sys.stderr.write(f"rebuild: {read} of {read + left} events, {rate:.0f}/s{end}")
        sys.stderr.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
