"""The table of checks, and how they are done: side by side, each within its time, none ending another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from chassis.discretion import describe
from local.doctor import brokers, databases, living, mail, surroundings
from local.doctor.findings import Finding, Level, NotLooked, error
from local.doctor.patient import Patient
from local.doctor.variables import variables

Check = Callable[[Patient], AsyncIterator[Finding]]

CHECKS: tuple[Check, ...] = (
    variables,
    surroundings.python,
    databases.postgresql,
    brokers.nats,
    mail.smtp,
    surroundings.otlp,
    databases.migrations,
    brokers.streams_and_consumers,
    databases.roles,
    brokers.users,
    living.processes,
    surroundings.clocks,
    surroundings.disk,
    surroundings.public_url,
)
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Level:
        """Of its findings; a check that has nothing to say has not looked."""
        return max((finding.level for finding in self.findings), default=Level.SKIPPED)


def name_of(check: Check) -> str:
    """Of the check, as it is shown."""
    return check.__name__.replace("_", " ")


def about(check: Check) -> str:
    """What it looks at, in one sentence."""
    return (check.__doc__ or "").strip()


async def examine(patient: Patient, *, checks: Sequence[Check] = CHECKS, seconds: float = SECONDS) -> list[Result]:
    """Do all checks and return what they found, in their order."""
    return list(await asyncio.gather(*(_do(check, patient, seconds) for check in checks)))


async def _do(check: Check, patient: Patient, seconds: float) -> Result:
    findings: list[Finding] = []
    try:
        async with asyncio.timeout(seconds):
            async for finding in check(patient):
                findings.append(finding)  # noqa: PERF401 - what was found before a failure stays
    except NotLooked as reason:
        findings.append(Finding(Level.SKIPPED, f"not looked: {reason}"))
    except TimeoutError:
        findings.append(
            error(
                f"no answer within {seconds:g} s",
                meaning="what is asked is overloaded, or something on the way drops packets instead of refusing them",
                mend="look whether its host and port can be reached from here (nc -vz HOST PORT)",
            )
        )
    except Exception as failure:  # noqa: BLE001 - a check that fails is a finding, the others go on
        findings.append(
            error(
                f"the check itself failed: {describe(failure)}",
                meaning="nothing is known about this",
                mend="report it with this line: it is a fault of rencontres doctor",
            )
        )
    return Result(name_of(check), tuple(_discreet(finding, patient) for finding in findings))


def _discreet(finding: Finding, patient: Patient) -> Finding:
    texts = (patient.discreet(text) for text in (finding.what, finding.meaning, finding.mend))
    return Finding(finding.level, *texts)
