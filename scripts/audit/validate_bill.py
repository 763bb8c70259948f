"""`python -m scripts.audit.validate_bill FILE…`: holds bills of materials against the schema of CycloneDX 1.6.

Run by the Python of .tools/audit, which has the library that carries the schemas; the rest of the audit does without.
"""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> int:
    """Print what is wrong, a line a file; return 1 then."""
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    faults = 0
    for path in map(Path, sys.argv[1:]):
        fault = validator.validate_str(path.read_text(encoding="utf-8"))
        if fault is not None:
            faults = 1
            sys.stdout.write(f"{path.name}: {' '.join(str(fault).split())[:400]}\n")
    return faults


if __name__ == "__main__":
    sys.exit(main())
