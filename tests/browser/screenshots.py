"""Pictures of the gallery, to be looked at: phone, tablet, laptop, dark, forced colours, paper. `scripts/screenshots FOLDER [NAME …]`."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import SITE, gallery, show
from tests.fixtures.browsing import ARGUMENTS, BROWSER

USAGE: Final = "scripts/screenshots FOLDER [NAME …], NAME being part of a page's, such as fr/held"


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which a page is seen."""

    width: int
    dark: bool = False
    forced: bool = False
    paper: bool = False


LOOKS: Final[Mapping[str, Look]] = {
    "320": Look(320),
    "768": Look(768),
    "1280": Look(1280),
    "320-dark": Look(320, dark=True),
    "1280-dark": Look(1280, dark=True),
    "1280-forced": Look(1280, forced=True),
    "print": Look(794, paper=True),
}


def take(folder: Path, wanted: Callable[[str], bool]) -> int:
    """Write `<page>-<look>.png` for every page wanted, and return how many there are."""
    names = [name for name in gallery() if wanted(name)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        for called, look in LOOKS.items():
            _take(browser, look, {name: folder / f"{name.replace('/', '-')}-{called}.png" for name in names})
        browser.close()
    return len(names) * len(LOOKS)


def _take(browser: Browser, look: Look, files: Mapping[str, Path]) -> None:
    context = browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.dark else "light",
        forced_colors="active" if look.forced else "none",
        java_script_enabled=False,
    )
    page = show(context)
    if look.paper:
        page.emulate_media(media="print")
    for name, file in files.items():
        page.goto(f"{SITE}/{name}")
        page.screenshot(path=file, full_page=True)
    context.close()


if __name__ == "__main__":
    if len(sys.argv) < 2 or not BROWSER:
        sys.exit(USAGE)
    parts = sys.argv[2:]
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    written = take(Path(sys.argv[1]), lambda name: not parts or any(part in name for part in parts))
    sys.stdout.write(f"{written} pictures in {sys.argv[1]}\n")
