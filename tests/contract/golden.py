"""The golden samples: events as they were once on the wire, one file each, kept for ever."""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from contracts.catalogue import BY_FAMILY

SAMPLES = Path(__file__).parents[2] / "contracts" / "samples"


class _File(BaseModel):
    subject: str
    headers: dict[str, str]
    body: dict[str, object]


@dataclass(frozen=True)
class Sample:
    """One event on the wire; `family` is the name of its folder."""

    path: Path
    subject: str
    headers: dict[str, str]
    data: dict[str, object]

    @property
    def family(self) -> str:
        return self.path.parent.name

    @property
    def body(self) -> bytes:
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def written_by_us(self) -> bool:
        """Whether it is what the current code writes, byte for byte; others are only read."""
        return self.path.stem == f"v{BY_FAMILY[self.family].major}"

    def __str__(self) -> str:
        return f"{self.family}/{self.path.stem}"


def _read(path: Path) -> Sample:
    file = _File.model_validate_json(path.read_bytes())
    return Sample(path, file.subject, file.headers, file.body)


ALL_SAMPLES = [_read(path) for path in sorted(SAMPLES.glob("*/*.json"))]
