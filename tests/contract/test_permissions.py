"""The table of who may do what on the broker, as far as it can be judged without one."""

from pathlib import Path

import pytest

from contracts.permissions import Identity, accounts, identities, inbox_prefix
from contracts.publish import ACCOUNTS
from contracts.subjects import Topology

PAGE = Path(__file__).parents[2] / "docs" / "operations" / "identities.md"


def test_the_committed_accounts_are_those_of_the_table() -> None:
    assert ACCOUNTS.read_text(encoding="utf-8") == accounts()


@pytest.mark.parametrize("identity", identities(), ids=lambda identity: identity.name)
def test_nobody_is_given_everything(identity: Identity) -> None:
    """A server takes an empty list for no limit at all."""
    assert identity.publish
    assert not {">", "*", "$JS.>", "$JS.API.>", "_INBOX.>"} & {*identity.publish, *identity.subscribe}


def test_a_network_under_another_prefix_touches_nothing_of_ours() -> None:
    subjects = [s for each in identities(Topology("t1")) for s in (*each.publish, *each.subscribe)]
    assert not [s for s in subjects if s.startswith("rencontres.") or ".EVENTS" in s.replace("T1_EVENTS", "")]


def test_only_users_of_ours_have_inboxes_apart() -> None:
    assert inbox_prefix("nats://registration-api:secret@broker:4222") == "_INBOX_registration-api"
    assert inbox_prefix("nats://somebody:secret@broker:4222") == "_INBOX"
    assert inbox_prefix("nats://broker:4222") == "_INBOX"


def test_the_page_for_operators_names_every_user() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [each.name for each in identities() if f"`{each.name}`" not in page] == []
