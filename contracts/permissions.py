"""Who may say and hear what on the broker: one identity for each process, and for each nothing but what it does.

The one source of the NATS server's accounts, locally, in containers and in a cluster: `python -m contracts.publish` writes them to
`deploy/nats/accounts.conf`. An answer may go to the inboxes of who may ask, and nowhere else: a server that allowed any reply would let
who asks choose where names and addresses are sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from contracts.catalogue import EVENT_TYPES
from contracts.consumers import ANALYTICS, DURABLES, NOTIFICATIONS, REBUILD, Durable
from contracts.subjects import Topology

ACCOUNT = "RENCONTRES"
OPERATOR = "operator"
PROVISIONER = "provisioner"
PASSWORD = "RENCONTRES_NATS_PASSWORD_"

_API, _SENDER = "registration-api", "notifications-sender"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user of the broker, named as its process; subjects it may publish to and subscribe to, besides its own inbox."""

    name: str
    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()

    @property
    def inbox(self) -> str:
        """Where its answers come; nobody else can listen there."""
        return inbox_of(self.name)

    @property
    def password_variable(self) -> str:
        """The environment variable from which the server takes its password."""
        return PASSWORD + self.name.replace("-", "_").upper()


def identities(topology: Topology | None = None) -> tuple[Identity, ...]:
    """Return all users of the broker."""
    t = topology or Topology()
    events, dead = t.events_stream, t.dead_letters_stream
    return (
        Identity(_API, publish=(t.records("notifications"), t.records("analytics"))),
        Identity(
            "registration-relay",
            publish=(*t.events_of(*dict.fromkeys(kind.aggregate for kind in EVENT_TYPES)), _info(events)),
        ),
        Identity("registration-worker", publish=_answers_to(_SENDER), subscribe=(t.contacts_lookup,)),
        Identity(
            "notifications-worker",
            publish=(*_follows(t, NOTIFICATIONS), *_answers_to(_API)),
            subscribe=(t.records("notifications"),),
        ),
        Identity(_SENDER, publish=(t.contacts_lookup,)),
        Identity("analytics-api", publish=(_info(events), f"$JS.API.CONSUMER.INFO.{events}.{ANALYTICS.name}")),
        Identity(
            "analytics-projector",
            publish=(*_follows(t, ANALYTICS), *_answers_to(_API)),
            subscribe=(t.records("analytics"),),
        ),
        Identity(PROVISIONER, publish=tuple(_provisions(t))),
        Identity(
            OPERATOR,
            publish=(
                "$JS.API.INFO",
                _info("*"),
                "$JS.API.CONSUMER.INFO.*.*",
                # Dead letters: looked at, sent back, taken off the list.
                f"$JS.API.STREAM.MSG.GET.{dead}",
                f"$JS.API.STREAM.MSG.DELETE.{dead}",
                t.all_retries,
                # A rebuild reads the events with a consumer of its own, and touches no other.
                f"$JS.API.CONSUMER.CREATE.{events}.{REBUILD}",
                f"$JS.API.CONSUMER.DELETE.{events}.{REBUILD}",
                f"$JS.API.CONSUMER.MSG.NEXT.{events}.{REBUILD}",
            ),
        ),
    )


def inbox_of(user: str) -> str:
    """Return the prefix of a user's inboxes."""
    return f"_INBOX_{user}"


def inbox_prefix(url: str) -> str:
    """Return where answers come to the user of a broker's URL; whoever is none of ours has the inboxes that everybody has."""
    user = unquote(urlsplit(url).username or "")
    return inbox_of(user) if user in {identity.name for identity in identities()} else "_INBOX"


def accounts(topology: Topology | None = None) -> str:
    """Return the broker's account as configuration of a NATS server, to be included in its `accounts { }`."""
    lines = [
        "# Written by `make docs` from contracts/permissions.py: change that, not this.",
        "# To be included in `accounts { }` of a NATS server; each password comes from the environment variable named.",
        f"{ACCOUNT}: {{",
        "  jetstream: enabled",
        "  users: [",
    ]
    for identity in identities(topology):
        lines += [
            "    {",
            f'      user: "{identity.name}"',
            f"      password: ${identity.password_variable}",
            "      permissions: {",
            *_rule("publish", identity.publish),
            *_rule("subscribe", (f"{identity.inbox}.>", *identity.subscribe)),
            "      }",
            "    }",
        ]
    return "\n".join([*lines, "  ]", "}", ""])


def _rule(what: str, subjects: Sequence[str]) -> list[str]:
    return [
        f"        {what}: {{",
        "          allow: [",
        *(f'            "{s}"' for s in subjects),
        "          ]",
        "        }",
    ]


def _follows(t: Topology, durable: Durable) -> Iterable[str]:
    """Read and acknowledge by one's own consumers, see how far they are, and put aside what cannot be taken."""
    for stream in (t.events_stream, t.retries_stream):
        place = f"{stream}.{durable.name}"
        yield f"$JS.API.CONSUMER.INFO.{place}"
        yield f"$JS.API.CONSUMER.MSG.NEXT.{place}"
        yield f"$JS.ACK.{place}.>"
        yield f"$JS.ACK.*.*.{place}.>"  # with domain and account, as servers write it from 2.15 on
    yield _info(t.dead_letters_stream)
    yield t.dead_letter(durable.name, ">")


def _provisions(t: Topology) -> Iterable[str]:
    """Streams and consumers made and changed; none deleted, none emptied, none read."""
    for stream in (t.events_stream, t.dead_letters_stream, t.retries_stream):
        yield _info(stream)
        yield f"$JS.API.STREAM.CREATE.{stream}"
        yield f"$JS.API.STREAM.UPDATE.{stream}"
    for durable in DURABLES:
        for stream in (t.events_stream, t.retries_stream):
            yield f"$JS.API.CONSUMER.INFO.{stream}.{durable.name}"
            yield f"$JS.API.CONSUMER.CREATE.{stream}.{durable.name}"
            yield f"$JS.API.CONSUMER.CREATE.{stream}.{durable.name}.>"


def _answers_to(*askers: str) -> tuple[str, ...]:
    return tuple(f"{inbox_of(asker)}.>" for asker in askers)


def _info(stream: str) -> str:
    return f"$JS.API.STREAM.INFO.{stream}"
