"""What the environment says, and what follows from it."""

import pytest
from pydantic import ValidationError

from services.notifications.delivery.smtp import Server
from services.notifications.settings import NotificationSettings


def test_mail_comes_from_the_public_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENCONTRES_PUBLIC_URL", "https://rencontres.example.org")
    settings = NotificationSettings()
    assert (settings.sender.name, settings.sender.email) == ("Rencontres", "rencontres@rencontres.example.org")
    assert settings.mail_host == "rencontres.example.org"


def test_an_address_is_no_mail_host() -> None:
    assert NotificationSettings(public_url="http://127.0.0.1:8000").sender.email == "rencontres@localhost"


def test_the_sender_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENCONTRES_MAIL_FROM", "Réseau IA <ia@cci.example>")
    sender = NotificationSettings().sender
    assert (sender.name, sender.email) == ("Réseau IA", "ia@cci.example")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, None, None, False, None)),
        ("smtp://u:p%40ss@mail.example:587?starttls=required", ("mail.example", 587, "u", "p@ss", False, True)),
        ("smtp://127.0.0.1:2525?starttls=never", ("127.0.0.1", 2525, None, None, False, False)),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", "p", True, False)),
    ],
)
def test_the_mail_server_is_named_by_a_url(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: tuple[object, ...]
) -> None:
    monkeypatch.setenv("RENCONTRES_SMTP_URL", url)
    server = Server.parse(NotificationSettings().smtp_url, greet_as="here")
    assert (server.host, server.port, server.username, server.password, server.tls, server.starttls) == expected
    assert "p@ss" not in repr(server)


def test_another_protocol_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENCONTRES_SMTP_URL", "http://mail.example")
    with pytest.raises(ValidationError):
        NotificationSettings()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("starttls=require", "starttls is auto, required or never"),
        ("starttls=", "starttls is auto, required or never"),
        ("startls=required", "startls is no option of this URL; starttls is"),
    ],
)
def test_a_mistyped_option_is_refused_rather_than_mail_sent_in_clear(
    monkeypatch: pytest.MonkeyPatch, query: str, says: str
) -> None:
    monkeypatch.setenv("RENCONTRES_SMTP_URL", f"smtp://u:hidden@mail.example:587?{query}")
    with pytest.raises(ValidationError) as refused:
        NotificationSettings()
    assert says in str(refused.value)
    assert "hidden" not in str(refused.value)
