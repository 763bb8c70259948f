"""Which posts come from another site."""

import pytest

from services.registration.defences.cross_site import is_foreign

SITE = "https://rencontres.example"


def _foreign(**headers: str) -> bool:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return is_foreign([(b"host", b"rencontres.example"), *sent], public_url=SITE)


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a program, or a browser of 2018
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},  # sent again by the reader's own hand
        {"origin": "https://rencontres.example"},
        {"origin": "http://rencontres.example"},  # TLS ends before us
        {"origin": "https://RENCONTRES.example", "sec_fetch_site": "same-origin"},
        {"origin": "null", "sec_fetch_site": "same-origin"},
    ],
)
def test_our_own_forms_and_programs_are_let_in(headers: dict[str, str]) -> None:
    assert not _foreign(**headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "rubbish"},
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "sec_fetch_site": "none"},
        {"origin": "https://sub.rencontres.example"},
        {"origin": "https://rencontres.example.evil.example"},
        {"origin": "https://rencontres.example:8443"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "file://"},
        {"origin": "rencontres.example"},
    ],
)
def test_forms_of_other_sites_are_not(headers: dict[str, str]) -> None:
    assert _foreign(**headers)


def test_behind_a_proxy_that_changes_the_host_the_public_address_counts() -> None:
    sent = [(b"host", b"10.0.0.7:8000"), (b"origin", b"https://rencontres.example")]
    assert not is_foreign(sent, public_url=SITE)
