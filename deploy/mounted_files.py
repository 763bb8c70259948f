"""Writes into compose.yaml a checksum of the files that each service mounts: `python -m deploy.mounted_files [--check]`.

Compose begins a container anew when its definition changes, and never looks into what is mounted. With the checksum in its labels a release
that brings other accounts for the broker, or another alert, changes the definition: `docker compose up` is all that an update takes.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import yaml

from chassis.documents import keep

COMPOSE = Path(__file__).parent / "compose.yaml"
LABEL = "rencontres.mounted-files"


def composition() -> str:
    """Return compose.yaml with the checksums of the files as they are now. Raises LookupError for a service that has no place for its own."""
    text = COMPOSE.read_text()
    for service, files in mounted(text).items():
        text, places = re.subn(
            rf'(?m)(^  {service}:\n(?:^    .*\n|^\n)*?    labels: \{{{re.escape(LABEL)}: )"[^"]*"',
            rf'\g<1>"{checksum(files)}"',
            text,
        )
        if not places:
            raise LookupError(f'{service} mounts files of this folder and has no line `labels: {{{LABEL}: ""}}`')
    return text


def mounted(text: str) -> dict[str, list[Path]]:
    """Return for each service that mounts something of this folder the files behind it, in their order."""
    found = {
        name: sorted(_files(service.get("volumes", ()))) for name, service in yaml.safe_load(text)["services"].items()
    }
    return {name: files for name, files in found.items() if files}


def checksum(files: list[Path]) -> str:
    """Return one for all of them, their names included."""
    together = sha256()
    for file in files:
        together.update(f"{file.relative_to(COMPOSE.parent)}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return together.hexdigest()[:16]


def _files(volumes: tuple[str, ...]) -> Iterator[Path]:
    for volume in volumes:
        if volume.startswith("./"):
            source = COMPOSE.parent / volume.partition(":")[0]
            below = [source] if source.is_file() else source.rglob("*")
            yield from (file for file in below if file.is_file() and file.suffix != ".pyc")


def main() -> int:
    """Write it, or say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something would change")
    return keep(COMPOSE, composition(), check=parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
