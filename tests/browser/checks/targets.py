"""What one presses is at least 24 by 24 pixels (WCAG 2.5.8), whatever lies around it; links within a sentence are as high as its line."""

from typing import Final, cast

from playwright.sync_api import Page

_SMALL: Final = """(least) => {
    const inSentence = (element) => getComputedStyle(element).display === "inline"
        && element.parentElement.textContent.trim().length > element.textContent.trim().length;
    const pressed = (element) => ["radio", "checkbox"].includes(element.type) ? element.closest("label") ?? element : element;
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !inSentence(element))
        .map((element) => [element, pressed(element).getBoundingClientRect(), getComputedStyle(element, "::after")])
        .filter(([, box, cover]) => (box.width < least || box.height < least) && cover.position !== "absolute")
        .map(([element, box]) => `${Math.round(box.width)} by ${Math.round(box.height)}: ${element.outerHTML.slice(0, 120)}`);
}"""


def too_small(page: Page, *, least: int = 24) -> list[str]:
    """Name what is hard to hit. A link whose `::after` covers its card is as large as the card."""
    return cast("list[str]", page.evaluate(_SMALL, least))
