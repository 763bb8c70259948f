"""Where to join online: https, a public host, and nothing that reads as another place than it is."""

import pytest

from services.registration.join_addresses import MAX_LENGTH, BadJoinAddress, normalised


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://visio.example/salle", "https://visio.example/salle"),
        ("HTTPS://Visio.Example", "https://visio.example/"),
        (
            "https://visio.example:8443/j/123?pwd=aB%2F,c;d#config.x=1",
            "https://visio.example:8443/j/123?pwd=aB%2F,c;d#config.x=1",
        ),
        ("https://événement.example/café", "https://xn--vnement-9xab.example/caf%C3%A9"),
        ("https://visio.example/@salle?q=a@b", "https://visio.example/@salle?q=a@b"),
        ("https://visio.example/" + "a" * (MAX_LENGTH - 22), "https://visio.example/" + "a" * (MAX_LENGTH - 22)),
    ],
)
def test_an_address_is_kept_in_the_one_spelling_that_calendars_take(written: str, kept: str) -> None:
    assert normalised(written) == kept
    assert normalised(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "visio.example/salle",
        "http://visio.example/salle",
        "javascript://visio.example/%0aalert(1)",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://visio.example/",
        "https:visio.example",
        "https:/visio.example",
        "https:///visio.example",
        "https://user@visio.example/",
        "https://user:password@visio.example/",
        "https://@visio.example/",
        "https://visio.example@evil.example/",
        "https:\\\\visio.example\\salle",
        "https://visio.example\\@evil.example/",
        "https://localhost/salle",
        "https://visio/salle",
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://visio..example/",
        "https://visio.example./",
        "https://-visio.example/",
        "https://visio.example:99999/",
        "https://visio.example/a b",
        "https://visio.example/a\nb",
        "https://visio.example/\u202egpj.exe",
        "https://visio.example/a\u200bb",
        "https://visio.example/<script>",
        'https://visio.example/"onclick=',
        "https://" + "a." * 130 + "example/",
        "https://visio.example/" + "a" * (MAX_LENGTH - 21),
        "https://visio.example/" + "é" * 200,
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(BadJoinAddress):
        normalised(written)
