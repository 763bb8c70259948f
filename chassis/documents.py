"""Documents that are generated from the code and committed beside it: written on demand, compared in `make check`."""

import difflib
import sys
from pathlib import Path


def keep(path: Path, text: str, *, check: bool) -> int:
    """Write a document, or with `check` compare it with what is committed. Returns an exit code: 0, or 1 with the difference on stderr."""
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return 0
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    if committed == text:
        return 0
    difference = difflib.unified_diff(
        committed.splitlines(), text.splitlines(), "committed", "generated", lineterm="", n=2
    )
    sys.stderr.write("\n".join([f"{path} is not what the code says; `make docs` writes it anew", *difference, ""]))
    return 1
