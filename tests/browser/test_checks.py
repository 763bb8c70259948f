"""Each check, broken once on purpose: a page with one fault, and the same page without."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checks.forced_colours import lost
from tests.browser.checks.keyboard import lost_on_the_way
from tests.browser.checks.motion import moving
from tests.browser.checks.room import running_off, running_off_when_enlarged, running_off_when_spaced
from tests.browser.checks.rules import violations
from tests.browser.checks.targets import too_small
from tests.browser.conftest import SITE, show

pytestmark = pytest.mark.browser

FRAME: Final = """<!doctype html><html lang="fr"><head><title>Essai</title><style>
    :root {{ color-scheme: light dark; }} a {{ display: inline-block; padding: .5rem; }} main {{ width: auto; }}
    :focus-visible {{ outline: 3px solid; }}</style></head>
    <body><main><a class="skip" href="#h">Aller</a><h1 id="h">Essai</h1>{}</main></body></html>"""

WORDS: Final = "<p>Vingt-quatre lettres</p>"
QR: Final = (
    '<div class="qr" style="{} background: white"><svg viewBox="0 0 2 2" width="40"><path d="M0 0h1v1z"/></svg></div>'
)

# What the check is, a page that breaks it, and the same without the fault.
FAULTS: Final[list[tuple[Callable[[Page], list[str]], str, str]]] = [
    (violations, "<p style='color: #aaa; background: #fff'>Clair</p>", "<p>Clair</p>"),
    (violations, "<img src='data:,'>", "<img src='data:,' alt=''>"),
    (moving, "<p style='transition: color .2s'>Vite</p>", "<p>Vite</p>"),
    (moving, "<style>@keyframes k { to { opacity: 0 } } p::before { content: '!'; animation: k 1s }</style><p>Vite</p>", WORDS),
    (moving, "<style>html { scroll-behavior: smooth }</style>", WORDS),
    (lost, "<button style='border: 0'>Oui</button>", "<button>Oui</button>"),
    (lost, "<label>Nom <input style='border: 0; border-bottom: 1px solid'></label>", "<label>Nom <input></label>"),
    (lost, "<input type=checkbox style='appearance: none; width: 2rem; height: 2rem'>", "<input type=checkbox>"),
    (lost, "<p style='background: gold'>Complet</p>", "<p style='background: gold; border: 1px solid'>Complet</p>"),
    (lost, "<a href='#h' style='outline: 0; box-shadow: 0 0 0 3px gold'>Lien</a>", "<a href='#h'>Lien</a>"),
    (lost, QR.format(""), QR.format("forced-color-adjust: none;")),
    (lost_on_the_way, "<a href='#h' style='outline: 0'>Lien</a>", "<a href='#h'>Lien</a>"),
    (lost_on_the_way, "<a href='#h' tabindex=-1>Lien</a>", "<a href='#h'>Lien</a>"),
    (lost_on_the_way, "<a href='#h'>Lien</a><a href='#h' tabindex=1>Premier</a>", "<a href='#h'>Lien</a>"),
    (running_off, "<p style='width: 400px'>Large</p>", WORDS),
    (running_off, "<p>" + "m" * 80 + "</p>", WORDS),
    (running_off_when_enlarged, "<p style='width: 15rem'>Large</p>", WORDS),
    (running_off_when_spaced, "<p style='white-space: nowrap; width: max-content'>Vingt-quatre lettres, tout juste à la place</p>", WORDS),
    (too_small, "<p><a href='#h' style='padding: 0'>Seul</a></p>", "<p>Un <a href='#h' style='display: inline'>mot</a> de phrase</p>"),
    (too_small, "<input type=checkbox>", "<label style='display: block; padding: 6px'><input type=checkbox> Oui, je viens</label>"),
]  # fmt: skip


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    yield show(context)
    context.close()


@pytest.mark.parametrize(
    ("check", "broken", "whole"), FAULTS, ids=[f"{n}-{fault[0].__name__}" for n, fault in enumerate(FAULTS)]
)
def test_a_fault_is_found_and_nothing_else(
    phone: Page, check: Callable[[Page], list[str]], broken: str, whole: str
) -> None:
    phone.set_content(FRAME.format(whole))
    assert check(phone) == []
    phone.set_content(FRAME.format(broken))
    assert check(phone) != []


def test_pages_do_move_where_nobody_asked_for_less(browser: Browser) -> None:
    context = browser.new_context(reduced_motion="no-preference")
    page = show(context)
    page.goto(f"{SITE}/fr/programme")
    assert moving(page) != []
    context.close()
