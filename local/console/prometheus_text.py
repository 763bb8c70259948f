"""Reads Prometheus' text format as far as gauges and counters of ours need it: names, labels, values. Histograms are passed over."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SAMPLE = re.compile(r"^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})?\s+(?P<value>\S+)")
_LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')
_ESCAPED = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One line."""

    name: str
    labels: dict[str, str]
    value: float


def samples(text: str, *, prefix: str) -> Iterator[Sample]:
    """Finite values of the metrics whose name begins with `prefix`; lines that are not samples are skipped."""
    for line in text.splitlines():
        if not line.startswith(prefix):
            continue
        found = _SAMPLE.match(line)
        value = _number(found["value"]) if found else None
        if found and value is not None:
            yield Sample(found["name"], _labels(found["labels"] or ""), value)


def _labels(text: str) -> dict[str, str]:
    return {name: re.sub(r"\\.", lambda e: _ESCAPED.get(e[0], e[0]), value) for name, value in _LABEL.findall(text)}


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
