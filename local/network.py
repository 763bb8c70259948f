"""The composition of a run: which parts there are, what stands on what, and the order of starting.

Whatever can start side by side does: a run is to be healthy within 20 s on two cores.
"""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime

from chassis.exits import Exit
from chassis.process import STOPS_WITHIN
from contracts.permissions import OPERATOR
from local import admin_token
from local.configuration import Configuration
from local.failure import Failure
from local.nats import EmbeddedNats
from local.ports import LOOPBACK, is_free
from local.postgres import EmbeddedPostgres
from local.processes import SERVICE_PROCESSES, SERVICES, ServiceProcess, actor_of
from local.program import Program, PythonProcess
from local.run_state import ProcessState, RunState, state_file
from local.steps import Step, last_line_of_steps, run_steps
from local.supervisor import Supervisor, Watched

PORTS_FREED_WITHIN = 5.0
_LONGER = 2.0
"""Seconds that a process of ours is given to end, beyond those that it takes at most: nothing is killed that would have ended."""
REGISTRATION = "services.registration"


class PortTakenError(Failure):
    """Another program listens on a port of the run; the message names it."""

    exit_code = Exit.PORT_TAKEN


class Network:
    """One run. `say` is told of every part that is ready. `postgres` and `nats` are servers that run already, in somebody else's hands."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        say: Callable[[str], None] = lambda _: None,
        postgres: EmbeddedPostgres | None = None,
        nats: EmbeddedNats | None = None,
    ) -> None:
        self._configuration = configuration
        self._say = say
        self._began = time.monotonic()
        self._started_at = datetime.now(UTC)
        self._supervisor = Supervisor(
            on_change=self._save_state, grace=configuration.drain_seconds + STOPS_WITHIN + _LONGER
        )
        self._is_saved = True
        data, ports = configuration.data, configuration.ports
        self._starts = {
            "postgres": postgres is None and not configuration.database_url,
            "nats": nats is None and not configuration.nats_url,
        }
        self._postgres = postgres or EmbeddedPostgres(
            data / "postgres", port=ports.postgres, log=configuration.log("postgres")
        )
        self._nats = nats or EmbeddedNats(
            data / "nats", port=ports.nats, monitoring_port=ports.nats_monitoring, log=configuration.log("nats")
        )

    async def start(self) -> None:
        """Start everything; returns when all of it is ready. Whatever it raises, `stop` comes next."""
        await self._require_free_ports()
        self._put_old_logs_aside()
        self.state.save()
        await _side_by_side(self._start("console", self._console()), self._groundwork())
        processes = [self._process(row) for row in SERVICE_PROCESSES]
        await _side_by_side(self._start("services", *processes), self._demo_programme())
        await self._valid_admin_token()

    async def stop(self) -> None:
        """Stop everything, in reverse order."""
        await self._supervisor.stop()
        state_file(self._configuration.data).unlink(missing_ok=True)

    @property
    def state(self) -> RunState:
        """The run as it is now."""
        c, ports = self._configuration, self._configuration.ports
        console_url = c.local_url(ports.console)
        database_urls = {} if c.database_url else self._postgres.urls
        nats_urls = {} if c.nats_url else self._nats.urls
        return RunState(
            pid=os.getpid(),
            started_at=self._started_at,
            data=c.data,
            public_url=c.public_url or c.local_url(ports.base),
            notifications_url=c.local_url(ports.base + 1),
            analytics_url=c.local_url(ports.base + 2),
            console_url=console_url,
            database_url=c.database_url or self._postgres.dsn,
            nats_url=c.nats_url or nats_urls[OPERATOR],
            database_urls=database_urls,
            nats_urls=nats_urls,
            smtp_url=c.smtp_url or f"smtp://{LOOPBACK}:{ports.smtp}",
            otlp_endpoint=c.otlp_endpoint or console_url,
            external=c.external,
            processes=tuple(_process_state(watched) for watched in self.watched),
            stops_within=self._supervisor.stops_within,
        )

    @property
    def watched(self) -> list[Watched]:
        """Every process, in the order of starting."""
        return self._supervisor.watched

    def _save_state(self) -> None:
        """Keep the state for whoever asks. Nothing stops because it cannot be written, on a full disk say; it is said once."""
        try:
            self.state.save()
        except OSError as error:
            if self._is_saved:
                file = state_file(self._configuration.data)
                self._say(f"{file} cannot be written ({error.strerror}): commands know the state as it was before")
            self._is_saved = False
        else:
            self._is_saved = True

    async def _groundwork(self) -> None:
        """Every service's own roles and database, and the streams, as soon as the servers are there."""
        await _side_by_side(
            *([self._start("PostgreSQL", self._postgres)] if self._starts["postgres"] else []),
            *([self._start("NATS", self._nats)] if self._starts["nats"] else []),
        )
        roles = [] if self._configuration.database_url else [self._roles()]
        migrations = [self._step(service, "migrate") for service in SERVICES]
        provision = self._step(REGISTRATION, "provision")
        await run_steps(*roles, *migrations, provision, log=self._configuration.log("groundwork"))
        self._tell("databases and streams")

    def _roles(self) -> Step:
        """The only step that is given the administrator's password."""
        passwords = {
            f"RENCONTRES_ROLE_PASSWORDS__{name.upper()}": text for name, text in self._postgres.passwords.items()
        }
        return Step(("chassis.roles",), {"RENCONTRES_DATABASE_URL": self._postgres.dsn, **passwords})

    async def _demo_programme(self) -> None:
        """On a first run the admin token is made by the same interpreter."""
        data, log = self._configuration.data, self._configuration.log("demo-programme")
        seed = self._step(REGISTRATION, "seed-demo")
        if admin_token.kept(data):
            await run_steps(seed, log=log)
        else:
            admin_token.keep(data, await last_line_of_steps(seed, self._step(*admin_token.MAKE), log=log))
        self._tell("demo programme")

    async def _valid_admin_token(self) -> None:
        """The database may be another one than that of the last run."""
        c = self._configuration
        token = admin_token.kept(c.data)
        if token is None or not await admin_token.is_accepted(token, api_url=c.local_url(c.ports.base)):
            admin_token.keep(c.data, await last_line_of_steps(self._step(*admin_token.MAKE), log=c.log("admin-token")))
            self._tell("a new admin token")

    def _step(self, module: str, command: str, *arguments: str) -> Step:
        return Step((module, command, *arguments), self._environment(module, command))

    def _console(self) -> PythonProcess:
        """Its mail sink moves to any free port when mail goes elsewhere."""
        c = self._configuration
        smtp_port = 0 if c.smtp_url else c.ports.smtp
        options = ("--port", str(c.ports.console), "--smtp-port", str(smtp_port), "--state", str(state_file(c.data)))
        return PythonProcess(
            name="console", argv=("local.console", *options), port=c.ports.console, log=c.log("console")
        )

    def _process(self, row: ServiceProcess) -> PythonProcess:
        port = self._configuration.ports.base + row.offset
        environment = self._environment(row.module, row.role) | (
            {} if row.serves else {"RENCONTRES_PROBE_PORT": str(port)}
        )
        options = ("--port", str(port)) if row.serves else ()
        return PythonProcess(
            name=row.name,
            argv=(row.module, row.role, *options),
            port=port,
            log=self._configuration.log(row.name),
            environment=environment,
        )

    def _environment(self, module: str, command: str) -> dict[str, str]:
        own = {"PYTHONUNBUFFERED": "1", "RENCONTRES_DRAIN_SECONDS": f"{self._configuration.drain_seconds:g}"}
        return own | self.state.environment(actor_of(module, command))

    async def _start(self, said: str, *programs: Program) -> None:
        await self._supervisor.start(*programs)
        self._tell(said)

    def _tell(self, what: str) -> None:
        self._say(f"{time.monotonic() - self._began:5.1f} s  {what}")

    async def _require_free_ports(self) -> None:
        """A run that was killed a moment ago may still be letting go of its ports."""
        patience = PORTS_FREED_WITHIN if state_file(self._configuration.data).exists() else 0
        deadline = time.monotonic() + patience
        for port, name in self._own_ports().items():
            while not is_free(port):
                if time.monotonic() >= deadline:
                    raise PortTakenError(
                        f"port {port} ({name}) is taken by another program: stop that one, or choose other ports "
                        f"with --port-base"
                    )
                await asyncio.sleep(0.1)

    def _own_ports(self) -> dict[int, str]:
        c, ports = self._configuration, self._configuration.ports
        own = {ports.base + row.offset: row.name for row in SERVICE_PROCESSES} | {ports.console: "console"}
        if self._starts["postgres"]:
            own[ports.postgres] = "PostgreSQL"
        if self._starts["nats"]:
            own |= {ports.nats: "NATS", ports.nats_monitoring: "NATS monitoring"}
        if not c.smtp_url:
            own[ports.smtp] = "SMTP sink"
        return own

    def _put_old_logs_aside(self) -> None:
        """One run, one log; the last run's is kept beside it."""
        for log in self._configuration.log("any").parent.glob("*.log"):
            log.replace(log.with_suffix(".log.1"))


async def _side_by_side(*parts: Coroutine[None, None, None]) -> None:
    """Await all; the first that fails ends the others, and its own error is raised."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for part in parts:
                tasks.create_task(part)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


def _process_state(watched: Watched) -> ProcessState:
    program = watched.program
    http = program if isinstance(program, PythonProcess) else None
    return ProcessState(
        name=program.name,
        pid=watched.pid,
        health=watched.health,
        restarts=watched.restarts,
        reason=watched.reason,
        port=http.port if http else None,
        url=http.url if http else None,
    )
