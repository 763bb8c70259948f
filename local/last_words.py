"""What a process said last, out of its log: our own write one JSON object a line, others whatever they like."""

import json
from pathlib import Path

_LONGEST = 4096


def last_words(log: Path) -> str:
    """Return the event of the last line, with its reason."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    last = next((line for line in reversed(lines) if line.strip()), f"({log} is empty)")
    try:
        said = json.loads(last)
    except ValueError:
        return last[:_LONGEST]
    if not isinstance(said, dict):
        return last[:_LONGEST]
    return ": ".join(str(said[key]) for key in ("event", "reason") if said.get(key))[:_LONGEST]
