"""Old majors brought up to date before they are validated, one step at a time: v1 -> v2 -> … -> current.

An upcaster is a pure function from the JSON object of one major to that of the next. Once published it stays for ever, as do the golden
samples of the major it reads (`contracts/samples`).
"""

from collections.abc import Callable, Mapping

TypeFamily = str
JsonObject = dict[str, object]
Upcaster = Callable[[JsonObject], JsonObject]
Chain = Mapping[tuple[TypeFamily, int], Upcaster]

UPCASTERS: Chain = {}
"""(type family, major it reads) -> the function that writes the next major. Empty as long as every type is in its first major."""


class MissingUpcaster(LookupError):
    """Raised when an old major has no way to the current one: a published upcaster was removed."""


def upcast(data: JsonObject, *, family: str, major: int, current: int, chain: Chain = UPCASTERS) -> JsonObject:
    """Return `data`, written in `major`, as an object of major `current`."""
    for step in range(major, current):
        upcaster = chain.get((family, step))
        if upcaster is None:
            raise MissingUpcaster(f"nothing brings {family}.v{step} to v{step + 1}")
        data = upcaster(data)
    return data
