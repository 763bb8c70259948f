"""`python -m scripts.audit.licence_page`: writes docs/licences.md, who made what we use and under which licence; `--check` compares."""

import argparse
import sys
from collections.abc import Iterator

from chassis.documents import keep
from scripts.audit.licences import IMAGES, NODE_LOCK, Policy, licence_of, policy
from scripts.audit.lock import read_node
from scripts.audit.requirements import REQUIREMENTS, ROOT, read

PAGE = ROOT / "docs" / "licences.md"

_HEAD = """\
# Licences

Written by `make docs` from the lock and from what each package says of itself; what is allowed, and what is argued, stands in
[`scripts/audit/licences.yaml`](../scripts/audit/licences.yaml). Rencontres itself is under the [Apache License 2.0](../LICENSE).

"""

_TOOLS = """\

Programs in environments of their own under `.tools` (those with an `.in` file in `requirements/`) are run by developers, neither
linked with nor handed on, and are not listed.
"""


def main() -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.audit.licence_page", description="Write docs/licences.md.")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    return keep(PAGE, render(), check=bool(parser.parse_args().check))


def render() -> str:
    """Return the page in Markdown."""
    ours = policy()
    return "\n".join([_HEAD + "## In images\n", *_shipped(ours), "", *_development(ours), _TOOLS, *_besides(ours), ""])


def _shipped(ours: Policy) -> Iterator[str]:
    pins = {image: {pin.name: pin for pin in read(REQUIREMENTS / f"{image}.txt").pins} for image in IMAGES}
    argued = {one.name: one.reason for one in ours.exceptions}
    yield f"| package | version | licence | {' | '.join(IMAGES)} |"
    yield f"|---|---|---|{'---|' * len(IMAGES)}"
    for name in sorted({name for of in pins.values() for name in of}):
        version = next(of[name].version for of in pins.values() if name in of)
        where = " | ".join("x" if name in pins[image] else "" for image in IMAGES)
        yield f"| {name} | {version} | {licence_of(name, ours)}{' *' if name in argued else ''} | {where} |"
    yield ""
    yield from (f"\\* {name}: {reason}" for name, reason in sorted(argued.items()))


def _development(ours: Policy) -> Iterator[str]:
    shipped = {pin.name for image in IMAGES for pin in read(REQUIREMENTS / f"{image}.txt").pins}
    yield "## On laptops and in tests only\n"
    yield "| package | version | licence |"
    yield "|---|---|---|"
    for pin in read(REQUIREMENTS / "dev.txt").pins:
        if pin.name not in shipped:
            yield f"| {pin.name} | {pin.version} | {licence_of(pin.name, ours)} |"
    for name, package in sorted(read_node(NODE_LOCK).packages.items()):
        if name:
            yield f"| {name.removeprefix('node_modules/')} (npm) | {package.version} | {package.license} |"


def _besides(ours: Policy) -> Iterator[str]:
    yield "## Besides packages\n"
    yield "| what | licence | where | of | why all the same |"
    yield "|---|---|---|---|---|"
    for one in ours.besides:
        yield f"| {one.name} | {one.licence} | {one.where} | {one.of} | {one.reason} |"


if __name__ == "__main__":
    sys.exit(main())
