"""The pages of the running network, those of the other services included, have no fault a machine can find."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checks.rules import violations
from tests.e2e.steps import choose_a_meetup
from tests.fixtures.running_network import RunningNetwork

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(240)]

OF_THE_SITE = ["/", "/en/", "/?territoire=987", "/en/?territoire=xx", "/mes-inscriptions", "/nowhere", "/docs"]
OF_STATISTICS = ["/statistiques", "/en/statistics", "/statistiques?territoire=976", "/docs"]


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", OF_THE_SITE)
def test_the_site_breaks_no_rule(reader: Page, running_network: RunningNetwork, path: str) -> None:
    reader.goto(running_network.site + path)
    assert violations(reader) == []


@pytest.mark.parametrize("path", OF_STATISTICS)
def test_the_statistics_break_no_rule(reader: Page, running_network: RunningNetwork, path: str) -> None:
    reader.goto(running_network.statistics + path)
    assert violations(reader) == []


def test_a_meetup_breaks_no_rule(reader: Page, running_network: RunningNetwork) -> None:
    choose_a_meetup(reader, running_network)
    assert violations(reader) == []
