"""`python -m services.registration.notices`: writes the fingerprint of every text that has none yet; one that has changed is refused."""

import json
import sys
from pathlib import Path

from services.registration.notices.consents import TEXTS
from services.registration.notices.versions import fingerprint

FOLDER = Path(__file__).parent
VERSIONS = FOLDER / "versions.json"
CONSENTS = FOLDER / "consents.json"


def main() -> int:
    """Write; return 1 when a published text was changed: it needs a version of its own."""
    versions = json.loads(VERSIONS.read_text("utf-8"))
    consents = TEXTS.validate_json(CONSENTS.read_bytes())
    changed = [r["version"] for r in versions if r.get("sha256", "") not in ("", fingerprint(r["version"]))]
    changed += [
        f"{p}/{t.version}" for p, texts in consents.items() for t in texts if t.sha256 not in ("", t.fingerprint())
    ]
    if changed:
        sys.stderr.write(f"published and changed since: {', '.join(changed)}; write a new version instead\n")
        return 1
    marked = [{**row, "sha256": fingerprint(row["version"])} for row in versions]
    VERSIONS.write_text(json.dumps(marked, indent=2) + "\n", "utf-8")
    signed = {
        p: tuple(t.model_copy(update={"sha256": t.fingerprint()}) for t in texts) for p, texts in consents.items()
    }
    CONSENTS.write_bytes(TEXTS.dump_json(signed, indent=2) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
