"""What axe-core has to say against a page, in words one can act on."""

from collections.abc import Sequence
from typing import Final, TypedDict, cast

from playwright.sync_api import Page

from tests.fixtures.node_packages import AXE, source

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4")
"""Tags of the rules that hold: WCAG 2.2 A and AA, what the checker's makers advise, and the tests of RGAA 4 a machine can make."""

# AAA is not asked: it would come along with a category of rules. Only violations are worked out in detail: a third of the time saved.
_RUN: Final = """async (tags) => (await axe.run({
    runOnly: tags, resultTypes: ["violations"], selectors: false,
    rules: { "color-contrast-enhanced": { enabled: false }, "target-size": { enabled: true } },
})).violations"""


class _Node(TypedDict):
    html: str
    failureSummary: str


class _Violation(TypedDict):
    id: str
    help: str
    nodes: list[_Node]


def violations(page: Page, tags: Sequence[str] = RULES) -> list[str]:
    """Check the page as it stands. What could not be decided (`incomplete`) is left to the written grid."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source(AXE))
    found = page.evaluate(_RUN, list(tags))
    return [_told(violation) for violation in cast("list[_Violation]", found)]


def _told(violation: _Violation) -> str:
    where = "; ".join(f"{node['html'][:160]} ({node['failureSummary']})" for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']}: {where}"
