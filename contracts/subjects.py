"""Names on the broker: streams, subjects, consumers. A prefix keeps several networks (or tests) apart on one server."""

from dataclasses import dataclass
from uuid import UUID

EVERYWHERE = "all"
"""The territory token of an event that belongs to none."""


@dataclass(frozen=True, slots=True)
class Topology:
    """All names derived from one prefix; `rencontres` gives the stream `EVENTS`, any other prefix `<PREFIX>_EVENTS`."""

    prefix: str = "rencontres"

    @property
    def events_stream(self) -> str:
        """The one stream of all events."""
        return self._stream("EVENTS")

    @property
    def dead_letters_stream(self) -> str:
        """Events that a consumer could not take, each with its reason."""
        return self._stream("DEAD_LETTERS")

    @property
    def retries_stream(self) -> str:
        """Dead letters sent back to the one consumer that refused them."""
        return self._stream("RETRIES")

    @property
    def contacts_lookup(self) -> str:
        """Request-reply subject of `contracts.contacts`."""
        return f"{self.prefix}.contacts.lookup"

    def records(self, service: str) -> str:
        """Request-reply subject of `contracts.records`, answered by one service for itself."""
        return f"{self.prefix}.records.{service}"

    def event(self, *, aggregate: str, fact: str, territory: str, aggregate_id: UUID) -> str:
        """Subject of one event."""
        return f"{self.prefix}.events.{aggregate}.{fact}.{territory}.{aggregate_id}"

    def events_of(self, *aggregates: str) -> list[str]:
        """Filters for all events of some aggregates, or of all when none is named."""
        return [f"{self.prefix}.events.{aggregate}.>" for aggregate in aggregates] or [f"{self.prefix}.events.>"]

    def dead_letter(self, consumer: str, family: str) -> str:
        """Subject of a dead letter: `family` is the event type, or `unknown`."""
        return f"{self.prefix}.dead.{consumer}.{family}"

    def retry(self, consumer: str) -> str:
        """Subject on which a consumer gets its own dead letters back."""
        return f"{self.prefix}.retry.{consumer}"

    @property
    def all_events(self) -> str:
        """What the events stream takes in."""
        return f"{self.prefix}.events.>"

    @property
    def all_dead_letters(self) -> str:
        """What the dead-letter stream takes in."""
        return f"{self.prefix}.dead.>"

    @property
    def all_retries(self) -> str:
        """What the retry stream takes in."""
        return f"{self.prefix}.retry.>"

    def _stream(self, name: str) -> str:
        return name if self.prefix == "rencontres" else f"{self.prefix.upper()}_{name}"
