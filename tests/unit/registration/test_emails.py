"""Addresses: what can be one, and which spellings are one person."""

import pytest

from services.registration.emails import BadEmail, email_key, normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoe@Firm.Example", "zoe@firm.example"),
        ("zoe@BÜCHER.example", "zoe@bücher.example"),
        ("zoe@xn--bcher-kva.example", "zoe@bücher.example"),
        ("zoé@firm.example", "zoe\u0301@firm.example"),
    ],
)
def test_spellings_of_one_address_are_one_person(one: str, other: str) -> None:
    assert email_key(normalised(one)) == email_key(normalised(other))


def test_a_tag_is_another_address() -> None:
    assert email_key(normalised("zoe+ia@firm.example")) != email_key(normalised("zoe@firm.example"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zoe",
        "zoe@",
        "@firm.example",
        "a b@firm.example",
        "a@b@c.example",
        "zoe@firm",
        "zoe@[127.0.0.1]",
        "a\0@b.example",
    ],
)
def test_what_cannot_be_an_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadEmail) as refused:
        normalised(text)
    assert str(refused.value) == ""
