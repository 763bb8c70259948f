"""A page fits its screen: nothing is cut off and nobody scrolls sideways, with large letters and wide spacing as well."""

from typing import Final, cast

from playwright.sync_api import Page

# What scrolls by itself may be wider inside; what is hidden from sight is for those who listen.
_RUNS_OFF: Final = """() => {
    const room = document.documentElement.clientWidth;
    const scrolls = (element) => element.closest(".scroll, pre, .visually-hidden, .skip, thead");
    const off = [...document.body.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > room + 1 || box.left < -1) && !scrolls(element) && element.closest("svg") === null;
    });
    const wider = document.documentElement.scrollWidth > room ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    return wider.concat(off.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)));
}"""

_SPACING: Final = """(on) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = on ? [sheet] : [];
}"""


def running_off(page: Page) -> list[str]:
    """Name what lies beyond the edge of the screen."""
    return cast("list[str]", page.evaluate(_RUNS_OFF))


def running_off_when_enlarged(page: Page) -> list[str]:
    """The same with letters of twice their size (WCAG 1.4.4)."""
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found = running_off(page)
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return found


def running_off_when_spaced(page: Page) -> list[str]:
    """The same with the spacing readers may ask for (WCAG 1.4.12)."""
    page.evaluate(_SPACING, True)
    found = running_off(page)
    page.evaluate(_SPACING, False)
    return found
