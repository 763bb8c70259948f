"""Addresses in a mail's text become links, nothing else becomes markup."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from local.console.links import clickable


def test_an_address_becomes_a_link_without_the_full_stop_after_it() -> None:
    assert '<a href="http://127.0.0.1:8000/x?token=a-b_c" target="_blank"' in clickable(
        "Voir http://127.0.0.1:8000/x?token=a-b_c."
    )


def test_nothing_else_is_let_through_as_markup() -> None:
    linked = clickable('<script>alert(1)</script> https://a.example/?q="><img src=x> javascript:alert(1)')
    assert "<script" not in linked
    assert "<img" not in linked
    assert linked.count("<a ") == 1


@given(st.text())
def test_what_is_read_stays_what_was_written(text: str) -> None:
    assert clickable(text).striptags() == escape(text).striptags()
