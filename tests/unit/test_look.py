"""One look for all pages: what cannot use its tokens, mails and the colour of a browser's bar, repeats them exactly."""

import re
from pathlib import Path

import pytest

import services
from chassis import look

SERVICES = Path(next(iter(services.__path__)))
DRAWINGS = Path(__file__).parents[2] / "docs" / "images"
LIGHT, DARK = look.colours("light"), look.colours("dark")


def _written(path: Path) -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8")))


def test_both_schemes_have_every_colour() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert {name for name in LIGHT if LIGHT[name] == DARK[name]} == {"saffron"}


@pytest.mark.parametrize("path", sorted(DRAWINGS.glob("*.svg")), ids=lambda path: path.name)
def test_drawings_use_the_colours_of_the_pages_in_both_schemes_and_say_what_they_show(path: Path) -> None:
    light, _, dark = path.read_text(encoding="utf-8").partition("(prefers-color-scheme:dark)")

    assert set(re.findall(r"#[0-9a-f]{6}\b", light)) <= set(LIGHT.values())
    assert set(re.findall(r"#[0-9a-f]{6}\b", dark)) <= set(DARK.values())
    assert dark
    assert re.search(
        r'role="img" aria-labelledby="t d">\s*<title id="t">[^<]+</title>\s*<desc id="d">[^<]{99,}</desc>', light
    )


@pytest.mark.parametrize(
    "path", sorted(SERVICES.glob("notifications/mail/templates/html/*.jinja")), ids=lambda path: path.name
)
def test_mails_use_the_colours_of_the_pages(path: Path) -> None:
    assert _written(path) - {*LIGHT.values(), *DARK.values()} == set()


@pytest.mark.parametrize("path", sorted(SERVICES.glob("*/**/templates/layout.html")), ids=lambda path: path.parts[-4])
def test_the_bar_of_the_browser_has_the_colour_of_the_page(path: Path) -> None:
    bars = re.findall(r'name="theme-color" content="(#[0-9a-f]{6})"', path.read_text(encoding="utf-8"))
    assert bars == [LIGHT["paper"], DARK["paper"]]


@pytest.mark.parametrize("foreground", ["ink", "soft", "brick", "brick-deep", "leaf", "amber", "red"])
@pytest.mark.parametrize("background", ["paper", "sheet", "wash"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_words_is_readable_on_every_ground(scheme: str, background: str, foreground: str) -> None:
    colours = look.colours(scheme)
    assert _contrast(colours[foreground], colours[background]) >= 4.5


@pytest.mark.parametrize("name", ["leaf", "amber", "red"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_signal_is_readable_on_its_own_ground(scheme: str, name: str) -> None:
    colours = look.colours(scheme)
    assert _contrast(colours[name], colours[f"{name}-wash"]) >= 4.5
    assert _contrast(colours["ink"], colours[f"{name}-wash"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["paper", "sheet"])
def test_the_border_of_a_field_stands_out(scheme: str, background: str) -> None:
    colours = look.colours(scheme)
    assert _contrast(colours["edge"], colours[background]) >= 3


def _contrast(one: str, other: str) -> float:
    """WCAG 2: the ratio of relative luminances."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
