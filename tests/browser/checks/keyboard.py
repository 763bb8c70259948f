"""Tab goes through everything that can be pressed, in the order in which it is read, and always shows where it is."""

from typing import Final, TypedDict, cast

from playwright.sync_api import Page


class _Stop(TypedDict):
    place: int
    """In the order of the document."""
    html: str
    outline: float


# Radios of one group are one stop; what lies in closed details is none.
_STOPS: Final = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => element.type !== "radio" || element.checked
        || (!document.querySelector(`input[name="${element.name}"]:checked`)
            && element === document.querySelector(`input[name="${element.name}"]`)))
    .length"""
_BEGIN: Final = (
    "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
)
_HERE: Final = """() => {
    const here = document.activeElement;
    const style = getComputedStyle(here);
    return {
        place: [...document.querySelectorAll("*")].indexOf(here),
        html: here.outerHTML.slice(0, 160),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    };
}"""


def lost_on_the_way(page: Page) -> list[str]:
    """Press Tab through the page, and name what is skipped, out of order or not shown."""
    page.evaluate(_BEGIN)
    stops = [_tab(page) for _ in range(page.evaluate(_STOPS))]
    hidden = [f"not shown: {stop['html']}" for stop in stops if stop["outline"] < 2]
    places = [stop["place"] for stop in stops]
    if places != sorted(set(places)):
        hidden.append(f"not in the order of reading: {[stop['html'] for stop in stops]}")
    if stops and 'class="skip"' not in stops[0]["html"]:
        hidden.append(f"the first stop leads nowhere else: {stops[0]['html']}")
    return hidden


def _tab(page: Page) -> _Stop:
    page.keyboard.press("Tab")
    return cast("_Stop", page.evaluate(_HERE))
