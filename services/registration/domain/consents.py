"""What somebody agrees to, each purpose by itself. Never required, never ticked for them, and never needed for a seat."""

from dataclasses import dataclass
from typing import Literal

Channel = Literal["form", "api"]


@dataclass(frozen=True, slots=True)
class Consent:
    """One box that was ticked, and the version of the words beside it."""

    purpose: str
    text_version: str
