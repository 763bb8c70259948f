"""What those find who look for a contact, or index."""

import re
from datetime import datetime
from urllib.robotparser import RobotFileParser

from services.registration.settings import RegistrationSettings
from tests.integration.registration.pages.conftest import Site


async def test_security_txt_says_whom_to_tell_and_never_expires_while_it_is_served(site: Site) -> None:
    response = await site.browser.get("/.well-known/security.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == "mailto:security@rencontres.example"
    assert fields["Canonical"] == "https://rencontres.example/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "fr, en"
    expires = datetime.fromisoformat(fields["Expires"])
    assert 150 < (expires - site.clock.now()).days < 365
    site.later(days=300)
    later = dict(
        line.split(": ", 1) for line in (await site.browser.get("/.well-known/security.txt")).text.splitlines()
    )
    assert datetime.fromisoformat(later["Expires"]) > site.clock.now()


def test_the_contact_is_a_setting_and_a_uri() -> None:
    assert RegistrationSettings(security_contact="https://cci.example/alerte").security_contact
    for wrong in ("security@cci.example", "javascript:alert(1)", "mailto:a@b\nExpires: never"):
        try:
            RegistrationSettings(security_contact=wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)


async def test_robots_stay_away_from_pages_of_one_person_and_from_filters(site: Site) -> None:
    text = (await site.browser.get("/robots.txt")).text
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    for path in ("/inscriptions/R-1", "/en/inscriptions/R-1", "/mes-inscriptions", "/en/mes-inscriptions", "/b/X", "/api/v1/meetups"):  # fmt: skip
        assert not robots.can_fetch("anybody", f"https://rencontres.example{path}")
    for path in ("/", "/en/", "/rencontres/mamoudzou-2027-02"):
        assert robots.can_fetch("anybody", f"https://rencontres.example{path}")
    assert re.search(r"^Disallow: /\*\?$", text, re.MULTILINE)
