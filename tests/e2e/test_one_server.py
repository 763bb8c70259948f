"""From the form to the mail to the confirmed seat, on the network that `deploy/compose.yaml` runs; skipped where nobody says where that is.

With the demo programme and the mail catcher of docs/operations/one-server.md:
`RENCONTRES_ONE_SERVER="http://127.0.0.1:8000 http://127.0.0.1:8025" make test ARGS=tests/e2e/test_one_server.py`
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from uuid import uuid4

import httpx
import pytest

WHERE = os.environ.get("RENCONTRES_ONE_SERVER", "")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not WHERE, reason="no network of containers runs: RENCONTRES_ONE_SERVER is not set"),
]
PATIENCE = 60.0
_BETWEEN_LOOKS = 0.3


class Form(HTMLParser):
    """The form of a page whose action holds a word: where it goes, and what its hidden fields say."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self._wanted, self._inside = action, False
        self.feed(page)
        assert self.action, f"no form with {action!r}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and self._wanted in said.get("action", ""):
            self.action, self._inside = said["action"].partition("#")[0], True
        elif tag == "input" and self._inside and said.get("type") == "hidden":
            self.fields[said["name"]] = said["value"]

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


@pytest.fixture
def site() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=WHERE.split()[0], follow_redirects=True, trust_env=False, timeout=20) as client:
        yield client


@pytest.fixture
def mailbox() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{WHERE.split()[1]}/api/v1/", trust_env=False, timeout=20) as client:
        yield client


def test_a_form_becomes_a_mail_and_its_link_a_confirmed_seat(site: httpx.Client, mailbox: httpx.Client) -> None:
    email = f"zaina-{uuid4().hex[:8]}@exemple.fr"
    slug = _an_open_meetup(site)
    form = Form(site.get(f"/rencontres/{slug}").text, slug)
    answers = {"full_name": "Zaïna M’Changama", "email": email, "headcount": "1-9"}
    answer = site.post(form.action, data=form.fields | answers)
    assert answer.is_success, answer.text
    assert email in answer.text

    link = _confirming_link(_mail_to(mailbox, email))
    page = site.get(link)
    confirm = Form(page.text, "confirm")
    assert site.post(confirm.action, data=confirm.fields).is_success

    reference, token = re.findall(r"/inscriptions/([^?]+)\?token=(.+)$", link)[0]
    status = site.get(f"/api/v1/registrations/{reference}", headers={"Authorization": f"Bearer {token}"})
    assert status.json()["status"] == "confirmed", status.text
    assert _mail_to(mailbox, email, number=2)


def _an_open_meetup(site: httpx.Client) -> str:
    for meetup in site.get("/api/v1/meetups").json()["items"]:
        if meetup["seats"]["free"] and not meetup["approval"]:
            return str(meetup["slug"])
    raise AssertionError("no meetup with a seat: has the demo programme been added?")


def _mail_to(mailbox: httpx.Client, email: str, *, number: int = 1) -> str:
    """Return the text of somebody's n-th mail, once it is there."""

    def found() -> str | None:
        mails = mailbox.get("messages", params={"limit": 200}).json()["messages"]
        theirs = [mail["ID"] for mail in mails if any(to["Address"] == email for to in mail["To"])]
        return str(mailbox.get(f"message/{theirs[-number]}").json()["Text"]) if len(theirs) >= number else None

    return _until(found, f"mail {number} to {email}")


def _confirming_link(text: str) -> str:
    link = re.search(r"https?://\S+/inscriptions/\S+\?token=\S+", text)
    assert link, text
    return re.sub(r"^https?://[^/]+", "", link[0])


def _until(found: Callable[[], str | None], what: str) -> str:
    """Look again and again: a mail catcher calls nobody."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
        time.sleep(_BETWEEN_LOOKS)
    raise AssertionError(f"{what} did not come within {PATIENCE:.0f} s")
