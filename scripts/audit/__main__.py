"""`python -m scripts.audit [CHECK …]`: all checks of the supply chain, or those named, and a table of what came out.

Ends with 1 when a check failed. One that could not be done is skipped, says so, and leaves 0.
"""

import argparse
import sys
from collections.abc import Callable, Mapping

from scripts.audit import licences, lock, sbom, secret_scan, vulnerabilities
from scripts.audit.report import Result, show

CHECKS: Mapping[str, Callable[[], Result]] = {
    "lock": lock.check,
    "licences": licences.check,
    "bills": sbom.check,
    "secrets": secret_scan.check,
    "vulnerabilities": vulnerabilities.check,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.audit", description="Audit the supply chain.")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"of {', '.join(CHECKS)}; all without")
    wanted = parser.parse_args().checks or list(CHECKS)
    if unknown := [name for name in wanted if name not in CHECKS]:
        parser.error(f"no check {unknown[0]!r}: there are {', '.join(CHECKS)}")
    return show([CHECKS[name]() for name in wanted])


if __name__ == "__main__":
    sys.exit(main())
