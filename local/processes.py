"""The table of the network's processes and the ports of the embedded run: what an operator would draw on a board.

| port (base 8000) | what |
|---|---|
| base + 0, 1, 2 | registration (public site and API), notifications, analytics |
| base + 9 | console: health, mailbox, traces, OTLP receiver |
| base + 42, 82 | NATS: clients, monitoring |
| base + 54 | PostgreSQL |
| base + 101 … 105 | probes of the processes that serve nothing else |
| 2525 + (base - 8000) | SMTP sink |
"""

from dataclasses import dataclass

from chassis.roles import OWNER
from contracts.permissions import OPERATOR, PROVISIONER

DEFAULT_BASE = 8000
LOWEST_BASE = 6000
HIGHEST_BASE = 65000
_SMTP_AT_DEFAULT_BASE = 2525


@dataclass(frozen=True, slots=True)
class Ports:
    """Every port of a run, from one number."""

    base: int = DEFAULT_BASE

    @property
    def console(self) -> int:
        """HTTP of the console."""
        return self.base + 9

    @property
    def nats(self) -> int:
        """Clients of NATS."""
        return self.base + 42

    @property
    def postgres(self) -> int:
        """Clients of PostgreSQL."""
        return self.base + 54

    @property
    def nats_monitoring(self) -> int:
        """HTTP of NATS itself."""
        return self.base + 82

    @property
    def smtp(self) -> int:
        """The mail sink, served by the console."""
        return _SMTP_AT_DEFAULT_BASE + self.base - DEFAULT_BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProcess:
    """One row: `python -m <module> <role>`. `offset` gives the port of its probes and, with `serves`, of its site or API."""

    name: str
    module: str
    role: str
    offset: int
    serves: bool = False

    @property
    def has_database(self) -> bool:
        """Whether it stands on its service's database."""
        return self.name != PROVISIONER


SERVICES = ("services.registration", "services.notifications", "services.analytics")
"""Each has a database of its own, and a `migrate` command that makes it."""

SERVICE_PROCESSES = (
    ServiceProcess(name="provisioner", module="services.registration", role="provisioner", offset=105),
    ServiceProcess(name="registration-api", module="services.registration", role="api", offset=0, serves=True),
    ServiceProcess(name="registration-relay", module="services.registration", role="relay", offset=101),
    ServiceProcess(name="registration-worker", module="services.registration", role="worker", offset=102),
    ServiceProcess(name="notifications-worker", module="services.notifications", role="worker", offset=1),
    ServiceProcess(name="notifications-sender", module="services.notifications", role="sender", offset=103),
    ServiceProcess(name="analytics-api", module="services.analytics", role="api", offset=2, serves=True),
    ServiceProcess(name="analytics-projector", module="services.analytics", role="projector", offset=104),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """As whom a process or a command works: its role on PostgreSQL (see `chassis.roles`), its user on NATS (`contracts.permissions`); empty for none."""

    database: str
    broker: str


OPERATES = Actor(database="", broker=OPERATOR)
"""Commands of an operator that concern the broker alone."""
_OTHERWISE = {
    ("services.registration", "provision"): Actor("", PROVISIONER),
    ("services.registration", "provisioner"): Actor("", PROVISIONER),
    ("services.analytics", "rebuild"): Actor(f"analytics{OWNER}", OPERATOR),
}


def actor_of(module: str, command: str) -> Actor:
    """As whom `python -m <module> <command>` works: a process as itself, a migration as the owner, other commands as their service.

    Of those only registration's speak to the broker: they ask what is kept of a person, as its site does.
    """
    if (found := _OTHERWISE.get((module, command))) is not None:
        return found
    service = module.removeprefix("services.")
    if command == "migrate":
        return Actor(f"{service}{OWNER}", "")
    process = next((row.name for row in SERVICE_PROCESSES if (row.module, row.role) == (module, command)), "")
    return Actor(service, process or ("registration-api" if service == "registration" else ""))
