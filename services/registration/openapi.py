"""The OpenAPI document of the public surface, as it is committed."""

import json
from pathlib import Path

from chassis.health import Probes
from services.registration.app import build

DOCUMENT = Path("docs/openapi/registration.json")


def text() -> str:
    """Return the document."""
    return json.dumps(build(Probes()).openapi(), indent=2, ensure_ascii=False) + "\n"
