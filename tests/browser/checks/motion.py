"""Who asked their device for less motion gets none: nothing is animated, nothing fades over, nothing scrolls by itself."""

from typing import Final, cast

from playwright.sync_api import Page

_MOVES: Final = """() => [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].filter((part) => {
    const style = getComputedStyle(element, part || null);
    const lasts = (list) => list.split(", ").some((time) => parseFloat(time) > 0);
    return style.animationName !== "none" || lasts(style.transitionDuration) || style.scrollBehavior === "smooth";
}).map((part) => element.outerHTML.slice(0, 120) + part))"""


def moving(page: Page) -> list[str]:
    """Name what moves, or would on being touched."""
    return cast("list[str]", page.evaluate(_MOVES))
