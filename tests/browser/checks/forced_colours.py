"""Forced colours (Windows' contrast themes) take away grounds and shadows: what they drew must be drawn by a line, an outline or words."""

from typing import Final, cast

from playwright.sync_api import Page

# Grounds are told while they are there; then the browser forces its colours, and what had one must have an edge.
_MARK_GROUNDS: Final = """() => {
    const ground = (element) => getComputedStyle(element).backgroundColor;
    const clear = "rgba(0, 0, 0, 0)";
    const behind = (element) => element === null ? clear : ground(element) !== clear ? ground(element) : behind(element.parentElement);
    for (const element of document.body.querySelectorAll("*")) {
        if (ground(element) !== clear && ground(element) !== behind(element.parentElement) && element.closest("svg") === null) {
            element.dataset.ground = "own";
        }
    }
}"""

_LOST: Final = """() => {
    const wrong = [], BLACK = "rgb(0, 0, 0)", WHITE = "rgb(255, 255, 255)";
    const canvas = getComputedStyle(document.body).backgroundColor;
    const told = (element) => element.outerHTML.slice(0, 120);
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1
        && element.getBoundingClientRect().right > 0;
    const sides = (element) => {
        const style = getComputedStyle(element);
        return ["Top", "Right", "Bottom", "Left"].filter((side) =>
            style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Color`] !== canvas);
    };
    const outlined = (element, least) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= least && style.outlineColor !== canvas;
    };
    const find = (selector) => [...document.querySelectorAll(selector)].filter(shown);

    for (const element of find("button, .button, input:not([type=radio], [type=checkbox]), select, textarea")) {
        if (sides(element).length < 4) { wrong.push(`no border around ${told(element)}`); }
    }
    for (const element of find("input[type=radio], input[type=checkbox]")) {
        if (getComputedStyle(element).appearance === "none") { wrong.push(`not drawn by the system: ${told(element)}`); }
    }
    for (const element of find("[data-ground]")) {
        const kept = getComputedStyle(element).forcedColorAdjust === "none";
        if (!kept && sides(element).length === 0 && !outlined(element, 1)) { wrong.push(`only its ground drew ${told(element)}`); }
    }
    for (const part of find(".qr, .qr path")) {
        const style = getComputedStyle(part);
        const paint = part.localName !== "path" ? style.backgroundColor : style.fill !== "none" ? style.fill : style.stroke;
        if (!(part.localName === "path" ? [BLACK, WHITE] : [WHITE]).includes(paint)) { wrong.push(`a code not black on white: ${paint} ${told(part)}`); }
    }
    for (const element of find("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
        element.focus();
        if (!outlined(element, 2)) { wrong.push(`no outline when focused: ${told(element)}`); }
    }
    return wrong;
}"""


def lost(page: Page) -> list[str]:
    """Look at the page before and after the browser forces its colours, dark ones: the page's own white would be seen there."""
    page.emulate_media(forced_colors="none")
    page.evaluate(_MARK_GROUNDS)
    page.emulate_media(color_scheme="dark", forced_colors="active")
    page.keyboard.press("Tab")  # who uses the keyboard is shown where they are
    found = cast("list[str]", page.evaluate(_LOST))
    page.emulate_media(color_scheme="light", forced_colors="none")
    return found
