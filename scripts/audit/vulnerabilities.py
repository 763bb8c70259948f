"""Is anything in the lock known to be vulnerable? By pip-audit, asking PyPI, OSV, or a folder of advisories (`make audit ADVISORIES=…`).

A service is believed only when it names an old Jinja2 as vulnerable: some mirrors of PyPI leave advisories out, and pip-audit then says that
all is well. Where none is believed the check is skipped, and says so.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from scripts.audit import advisories
from scripts.audit.report import Outcome, Result, judge
from scripts.audit.requirements import REQUIREMENTS, ROOT, read

CHECK = "vulnerabilities"
PROGRAM = ROOT / ".tools" / "audit" / "bin" / "pip-audit"
ACCEPTED = Path(__file__).parent / "accepted-vulnerabilities.yaml"
TO_DO = "UPGRADE=1 make lock; or argue it (docs/operations/supply-chain.md)"
ELSEWHERE = "make audit where an advisory service answers, or ADVISORIES=<folder>"
CANARY = "jinja2==2.10.1"
"""Vulnerable for good: PYSEC-2021-66 (CVE-2020-28493) and others."""
STALE = timedelta(days=30)
SECONDS = 600


class Accepted(BaseModel):
    """An advisory that is argued until a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    package: str
    reason: str
    until: date


class _Vulnerability(BaseModel):
    id: str
    aliases: list[str] = []
    fix_versions: list[str] = []


class Audited(BaseModel):
    """What pip-audit says of one package."""

    name: str
    version: str = ""
    skip_reason: str = ""
    vulns: list[_Vulnerability] = []


class Answer(BaseModel):
    """What pip-audit says."""

    dependencies: list[Audited]


class Silent(Exception):
    """The source of advisories cannot be believed; its message says why. The check is skipped."""


def check(today: date | None = None) -> Result:
    """Ask the first source that can be believed about every file of the lock."""
    if not PROGRAM.exists():
        return Result(CHECK, Outcome.SKIPPED, "pip-audit is not installed: nothing was asked", "scripts/audit-tools")
    silences = list[str]()
    for source in _sources():
        try:
            with source() as (name, options):
                believe(ask([CANARY], *options), name)
                answer = ask(locked(), *options)
        except Silent as silence:
            silences.append(str(silence))
        else:
            return weigh(answer, accepted(), source=name, today=today or datetime.now(tz=UTC).date())
    return Result(CHECK, Outcome.SKIPPED, f"NOT LOOKED FOR: {'; '.join(silences)}", ELSEWHERE)


def accepted() -> list[Accepted]:
    """Return what is argued."""
    return TypeAdapter(list[Accepted]).validate_python(yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")))


def locked() -> list[str]:
    """Return every pin of every file, programs of the audit included."""
    return sorted({f"{pin.name}=={pin.version}" for path in REQUIREMENTS.glob("*.txt") for pin in read(path).pins})


def believe(canary: Answer, source: str) -> None:
    """Raise Silent unless the canary is reported."""
    if not any(one.vulns for one in canary.dependencies):
        raise Silent(f"{source} knows nothing against {CANARY}")


def weigh(answer: Answer, argued: Iterable[Accepted], *, source: str, today: date) -> Result:
    """Fail on what is vulnerable and not argued; skip what the source does not know."""
    current = {one for one in argued if one.until >= today}
    covered = {(one.id, one.package) for one in current}
    told = {
        (each, one.name) for one in answer.dependencies for found in one.vulns for each in {found.id, *found.aliases}
    }
    findings = [
        *(
            f"{one.name} {one.version}: {found.id} ({', '.join(found.aliases) or 'no other name'}), "
            f"mended in {', '.join(found.fix_versions) or 'no version yet'}"
            for one in answer.dependencies
            for found in one.vulns
            if not any((each, one.name) in covered for each in {found.id, *found.aliases})
        ),
        *(
            f"{ACCEPTED.name}: {one.id} is no longer told of {one.package}"
            for one in current
            if (one.id, one.package) not in told
        ),
    ]
    unknown = [one.name for one in answer.dependencies if one.skip_reason]
    well = f"none known of {len(answer.dependencies)} packages, says {source}"
    result = judge(CHECK, findings, well=well, to_do=TO_DO)
    if unknown and not findings:
        some = ", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else "")
        return Result(
            CHECK, Outcome.SKIPPED, f"NOT LOOKED FOR: {source} does not know {len(unknown)}: {some}", ELSEWHERE
        )
    return result


def ask(pins: Iterable[str], *options: str) -> Answer:
    """Run pip-audit, which takes one version of each package at a time; raises Silent when it comes to no answer."""
    of: dict[str, list[str]] = {}
    for pin in pins:
        of.setdefault(pin.split("==", maxsplit=1)[0], []).append(pin)
    runs = [_run([pin for pin in row if pin], *options) for row in zip_longest(*of.values())]
    return Answer(dependencies=[one for run in runs for one in run.dependencies])


def _run(pins: Iterable[str], *options: str) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        wanted, answer = Path(folder) / "requirements.txt", Path(folder) / "answer.json"
        wanted.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
        command = [
            *(str(PROGRAM), "--requirement", str(wanted), "--no-deps", "--disable-pip"),
            *("--format", "json", "--output", str(answer), "--progress-spinner", "off"),
            *("--cache-dir", str(ROOT / ".tools" / "audit" / "cache"), *options),
        ]
        try:
            ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise Silent(f"no answer within {SECONDS} s") from None
        if not answer.exists():
            lines = ran.stderr.strip().splitlines() or ["no reason given"]
            raise Silent(lines[-1].split(":")[-1].strip(" ()\"'")[:120])
        return Answer.model_validate_json(answer.read_bytes())


Source = tuple[str, tuple[str, ...]]
"""A name to tell, and the options of pip-audit that ask it."""


def _sources() -> list[Callable[[], AbstractContextManager[Source]]]:
    """The folder alone where one is named: whoever names it wants no other asked."""
    folder = os.environ.get("ADVISORIES")
    if folder:
        return [lambda: _folder(Path(folder))]
    return [
        lambda: nullcontext(("PyPI", ("--vulnerability-service", "pypi"))),
        lambda: nullcontext(("OSV", ("--vulnerability-service", "osv"))),
    ]


@contextmanager
def _folder(folder: Path) -> Iterator[Source]:
    try:
        known = advisories.read(folder)
    except FileNotFoundError:
        raise Silent(f"no advisories in {folder}") from None
    except ValueError as fault:
        raise Silent(f"the advisories in {folder} cannot be read: {str(fault).splitlines()[0]}") from fault
    if datetime.now(tz=UTC) - known.newest > STALE:
        raise Silent(f"the advisories in {folder} end on {known.newest:%Y-%m-%d}")
    with advisories.serve(known) as address:
        yield f"{folder} of {known.newest:%Y-%m-%d}", ("--vulnerability-service", "osv", "--osv-url", address)
