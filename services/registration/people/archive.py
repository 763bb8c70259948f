"""The zip a person gets: `donnees.json` for machines, `donnees.pdf` to read, both with everything."""

import asyncio
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pydantic import JsonValue

from contracts.fact import Locale
from services.registration.people.exporting import Export
from services.registration.people.labels import labels
from services.registration.people.report import report

_PRESS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")
"""One at a time: typesetting takes a core and tens of megabytes, and nobody who registers shall wait for it."""

FORMAT = "rencontres.person-export.v1"
JSON_NAME, PDF_NAME = "donnees.json", "donnees.pdf"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip, ready to be handed over."""

    name: str
    content: bytes


async def archive(export: Export, locale: Locale) -> Archive:
    """Pack an export, the readable part in the person's language."""
    content = await asyncio.get_running_loop().run_in_executor(_PRESS, _packed, export, locale)
    return Archive(f"donnees-{export.made_at:%Y-%m-%d}.zip", content)


def document(export: Export, locale: Locale) -> dict[str, JsonValue]:
    """Return the machine-readable part: `services.<service>.<kind>` are rows, `kinds` and `keys` say what each name means."""
    words = labels(locale)
    used_kinds = {kind for kinds in export.services.values() for kind in kinds}
    used_keys = {key for kind in used_kinds for row in export.rows(kind) for key in row}
    return {
        "format": FORMAT,
        "made_at": export.made_at.isoformat(),
        "person_id": str(export.person_id),
        "not_answered": list(export.not_answered),
        "services": {
            service: {kind: list(rows) for kind, rows in kinds.items()} for service, kinds in export.services.items()
        },
        "kinds": {kind: words.kind(kind) for kind in sorted(used_kinds)},
        "keys": {key: words.key(key) for key in sorted(used_keys)},
    }


def _packed(export: Export, locale: Locale) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(JSON_NAME, json.dumps(document(export, locale), indent=2, ensure_ascii=False))
        packed.writestr(PDF_NAME, report(export, locale))
    return buffer.getvalue()
