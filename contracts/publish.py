"""`python -m contracts.publish`: writes the schemas, the event page and the broker's accounts; `--check` only says whether they would change.

A published schema is never replaced by one that breaks its readers: nothing is written then, and each break is named.
"""

import argparse
import difflib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts.catalogue import EVENT_TYPES, EventType
from contracts.compatibility import Schema, breaks
from contracts.contacts import ContactBook, ContactQuery
from contracts.envelope import SCHEMA_ROOT
from contracts.event_page import render_event_page
from contracts.fact import Fact
from contracts.permissions import accounts
from contracts.records import RecordsQuery, RecordsReply

SCHEMAS = Path(__file__).parent / "schemas"
EVENT_PAGE = Path(__file__).parent.parent / "docs" / "events.md"
ACCOUNTS = Path(__file__).parent.parent / "deploy" / "nats" / "accounts.conf"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Documents = Mapping[Path, str]


def main(arguments: list[str] | None = None) -> int:
    """Write or check; return the exit status: 0 done or up to date, 1 drifted, 2 refused as incompatible."""
    parser = argparse.ArgumentParser(prog="python -m contracts.publish", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail with a diff if something would change"
    )
    check = bool(parser.parse_args(arguments).check)
    documents = render()
    if refused := list(incompatibilities(documents)):
        print("\n".join(refused), file=sys.stderr)
        return 2
    changed = list(drift(documents))
    if check:
        print("".join(changed), end="")
        return 1 if changed else 0
    for path, text in documents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def render() -> Documents:
    """Return every generated document with the path under which it is committed."""
    models = {kind.name: schema_of_event(kind) for kind in EVENT_TYPES}
    models |= {"contacts.query.v1": schema_of(ContactQuery), "contacts.book.v1": schema_of(ContactBook)}
    models |= {"records.query.v1": schema_of(RecordsQuery), "records.reply.v1": schema_of(RecordsReply)}
    documents = {SCHEMAS / f"{name}.json": _written(name, schema) for name, schema in models.items()}
    documents[EVENT_PAGE] = render_event_page({kind: models[kind.name] for kind in EVENT_TYPES})
    return documents | {ACCOUNTS: accounts()}


def schema_of_event(kind: EventType) -> Schema:
    """Return the schema of an event's data."""
    return {**schema_of(kind.data), "title": kind.name, "description": kind.meaning}


def schema_of(model: type[Fact]) -> Schema:
    """Return the schema of a model as its readers see it: open, because a later writer of the same major may add fields."""
    return {key: _open(value) for key, value in model.model_json_schema().items() if key != "additionalProperties"}


def incompatibilities(documents: Documents) -> Iterator[str]:
    """Yield a line for each break between a committed schema and the one that would replace it, and for each type that vanished."""
    families = {_family(path) for path in documents}
    for path in sorted(SCHEMAS.glob("*.json")):
        if _family(path) not in families:
            yield f"{path.name}: was published and has no model any more"
    for path, text in documents.items():
        if path.suffix == ".json" and path.exists():
            for broken in breaks(json.loads(path.read_text(encoding="utf-8")), json.loads(text)):
                yield f"{path.name}: {broken}"


def drift(documents: Documents) -> Iterator[str]:
    """Yield the lines of a unified diff from what is committed to what would be written."""
    for path, text in documents.items():
        committed = path.read_text(encoding="utf-8") if path.exists() else ""
        name = f"{path.parent.name}/{path.name}"
        yield from difflib.unified_diff(
            committed.splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"committed/{name}",
            f"generated/{name}",
        )


def _family(path: Path) -> str:
    return path.stem.rpartition(".v")[0]


def _open(node: object) -> object:
    if isinstance(node, dict):
        return {key: _open(value) for key, value in node.items() if (key, value) != ("additionalProperties", False)}
    return [_open(value) for value in node] if isinstance(node, list) else node


def _written(name: str, schema: Schema) -> str:
    head = {"$schema": DIALECT, "$id": f"{SCHEMA_ROOT}/{name}.json"}
    return json.dumps({**head, **schema}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
