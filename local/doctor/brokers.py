"""NATS: it answers, is new enough, lets each process do what it must and nothing else, and has the streams as they are meant to be."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import NotFoundError

from chassis.provisioning import consumers, streams
from chassis.starting import skew_of
from contracts.consumers import DURABLES
from contracts.permissions import Identity, identities
from contracts.subjects import Topology
from local.doctor.broker_access import BrokerAway, Caller, NotLetIn, calling, looking
from local.doctor.findings import Finding, NotLooked, error, warning, well
from local.doctor.patient import Access, Patient

OLDEST = (2, 11)
_COMPARED = (
    "subjects",
    "retention",
    "discard",
    "max_age",
    "duplicate_window",
    "deny_delete",
    "deny_purge",
    "allow_direct",
    "storage",
)
_COMPARED_OF_CONSUMERS = ("filter_subjects", "ack_policy", "ack_wait", "max_deliver", "max_ack_pending")
_IDENTITIES = "docs/operations/identities.md"


async def nats(patient: Patient) -> AsyncIterator[Finding]:
    """NATS answers, lets every process in, has JetStream, and is version 2.11 or later."""
    silent: set[str] = set()
    refused: dict[tuple[str, str], list[str]] = {}
    versions: dict[str, str] = {}
    for access in (_operator(patient), *patient.brokers()):
        if access.place in silent:
            continue
        try:
            async with calling(access) as caller:
                found = caller.client.connected_server_version
                versions[access.place] = f"{found.major}.{found.minor}.{found.patch}"
        except BrokerAway:
            silent.add(access.place)
            yield error(
                f"NATS does not answer at {access.place}",
                meaning="events wait in the outbox, mails and reports stand still; processes end with exit code 69 and start over",
                mend="start it, open the way to it, or set RENCONTRES_NATS_URL to where it is",
            )
        except NotLetIn:
            refused.setdefault((access.place, access.user or "a user without a name"), []).append(access.who)
    for (place, user), processes in refused.items():
        yield error(
            f"NATS at {place} does not let in {user} (for {', '.join(processes)})",
            meaning="processes end at their start with exit code 77",
            mend=f"check user and password in RENCONTRES_NATS_URL, and RENCONTRES_NATS_PASSWORD_… of the server ({_IDENTITIES})",
        )
    for place, version in versions.items():
        yield _about_version(place, version)


async def users(patient: Patient) -> AsyncIterator[Finding]:
    """Each process's user of the broker may say and hear what the process needs, and no event or question of others."""
    known = {identity.name: identity for identity in identities(patient.shared.topology)}
    shared: dict[str, list[str]] = {}
    for access in patient.brokers():
        async with looking(access) as caller:
            identity = known[access.who]
            lacking = [subject async for subject in _lacking(caller, identity)]
            liberties = [subject async for subject in _liberties(caller, identity, patient.shared.topology)]
        if lacking:
            yield error(
                f"{access.who}: user {access.user or 'without a name'} may not use {', '.join(lacking)}",
                meaning="the process ends at its start with exit code 77",
                mend="give the server the permissions of deploy/nats/accounts.conf, then nats-server --signal reload",
            )
        elif liberties:
            shared.setdefault(access.user or "(no name)", []).append(access.who)
        else:
            yield well(f"{access.who}: its own subjects, and nothing else")
    for user, processes in shared.items():
        yield warning(
            f"user {user} may do more than {', '.join(processes)} should",
            meaning="whoever takes over one of these processes can forge events or hear who is behind an id",
            mend=f"give each process its own user: include deploy/nats/accounts.conf ({_IDENTITIES})",
        )


async def streams_and_consumers(patient: Patient) -> AsyncIterator[Finding]:
    """Streams and durable consumers are there, and configured as the provisioner makes them."""
    topology = patient.shared.topology
    differences = 0
    async with looking(_operator(patient)) as caller:
        await caller.ask(f"$JS.API.STREAM.INFO.{topology.events_stream}")
        js = caller.client.jetstream()
        for wanted in streams(topology):
            try:
                found = (await js.stream_info(str(wanted.name))).config
            except NotFoundError:
                differences += 1
                yield _missing(f"stream {wanted.name}", patient)
                continue
            for name in _differing(wanted, found, _COMPARED):
                differences += 1
                yield _different(f"stream {wanted.name}", name, patient)
        for durable in DURABLES:
            for stream, consumer in consumers(topology, durable):
                try:
                    there = (await js.consumer_info(stream, durable.name)).config
                except NotFoundError:
                    differences += 1
                    yield _missing(f"consumer {durable.name} of {stream}", patient)
                    continue
                for name in _differing(consumer, there, _COMPARED_OF_CONSUMERS):
                    differences += 1
                    yield _different(f"consumer {durable.name} of {stream}", name, patient)
    if not differences:
        yield well(f"{len(streams(topology))} streams and {2 * len(DURABLES)} consumers are as they should be")


async def clock_of_broker(patient: Patient) -> timedelta:
    """How far this machine is ahead of the broker. Raises NotLooked."""
    async with looking(_operator(patient)) as caller:
        asked = datetime.now(UTC)
        answer = await caller.ask("$JS.API.INFO") if _asks_all(patient) else {}
        if "ts" not in answer:
            answer = await caller.ask(f"$JS.API.STREAM.INFO.{patient.shared.topology.events_stream}")
        answered = datetime.now(UTC)
    if "ts" not in answer:
        raise NotLooked("the broker has no stream to ask about")
    return skew_of(_instant(str(answer["ts"])), asked=asked, answered=answered)


def _asks_all(patient: Patient) -> bool:
    return _operator(patient).user in {"", "operator"}


def _operator(patient: Patient) -> Access:
    return Access("operator", "", patient.shared.nats)


def _about_version(place: str, version: str) -> Finding:
    found = re.match(r"(\d+)\.(\d+)", version)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        return error(
            f"NATS at {place} is version {version}, older than {'.'.join(map(str, OLDEST))}",
            meaning="consumers with several filters and the permissions of acknowledgements are not as the services need them",
            mend="upgrade that server (tested with 2.15)",
        )
    return well(f"NATS {version} at {place}")


async def _lacking(caller: Caller, identity: Identity) -> AsyncIterator[str]:
    for subject in identity.subscribe:
        if not await caller.may_subscribe(subject):
            yield subject
    for subject in _harmless(identity.publish):
        if not await caller.may_publish(subject):
            yield subject


async def _liberties(caller: Caller, identity: Identity, topology: Topology) -> AsyncIterator[str]:
    for subject in (topology.all_events, topology.contacts_lookup):
        if subject not in identity.subscribe and await caller.may_subscribe(subject):
            yield subject
    event = f"{topology.prefix}.events.registration.examined.all.{uuid4()}"
    if not any(_covers(pattern, event) for pattern in identity.publish) and await caller.may_publish(event):
        yield event


def _harmless(subjects: tuple[str, ...]) -> Iterator[str]:
    """What can be said without any effect: questions about streams, and what only a stream would keep."""
    for subject in subjects:
        if subject.startswith("$JS.API.") and ".INFO" in subject and "*" not in subject:
            yield subject
        elif ".events." in subject and subject.endswith(".>"):
            yield f"{subject.removesuffix('>')}examined.all.{uuid4()}"


def _covers(pattern: str, subject: str) -> bool:
    return pattern.endswith(">") and subject.startswith(pattern.removesuffix(">"))


def _differing(
    wanted: StreamConfig | ConsumerConfig, found: StreamConfig | ConsumerConfig, names: tuple[str, ...]
) -> Iterator[str]:
    """Fields that stand otherwise, with what stands and what should; what is not asked for may be as it likes."""
    for name in names:
        should, stands = _plain(getattr(wanted, name)), _plain(getattr(found, name))
        if name == "filter_subjects" and stands is None:
            stands = _plain([found.filter_subject] if isinstance(found, ConsumerConfig) else None)
        if should not in (None, 0, stands):  # 0 leaves it to the server
            yield f"{name} is {stands}, not {should}"


def _plain(value: object) -> object:
    if isinstance(value, list):
        return sorted(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return getattr(value, "value", value)


def _missing(what: str, patient: Patient) -> Finding:
    return error(
        f"{what} is missing",
        meaning="events wait in the outbox, and whoever follows the stream ends with exit code 69 and starts over",
        mend=patient.provisioning,
    )


def _different(what: str, difference: str, patient: Patient) -> Finding:
    return error(
        f"{what} is configured otherwise: {difference}",
        meaning="events may be lost, doubled or late in ways that the services do not expect",
        mend=f"{patient.provisioning}; what it cannot change it names, with what to do",
    )


def _instant(text: str) -> datetime:
    """RFC 3339 with nanoseconds, as NATS writes it."""
    return datetime.fromisoformat(re.sub(r"\.(\d{6})\d*", r".\1", text.replace("Z", "+00:00")))
