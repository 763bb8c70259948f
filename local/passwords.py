"""Passwords of an embedded server's users: made once, kept in one file that only its owner can read."""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path


def kept_passwords(file: Path, names: Iterable[str]) -> Mapping[str, str]:
    """Return a password for each name; those that are missing are made."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    # A letter first: the NATS server would read a variable that begins with a digit as a number.
    if made := {name: f"p{secrets.token_hex(20)}" for name in names if name not in known}:
        known |= made
        write_secret(file, json.dumps(known, indent=2) + "\n")
    return known


def write_secret(file: Path, text: str) -> None:
    """Replace a file by one that only its owner can read, whatever the umask."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(text)
    new.replace(file)
