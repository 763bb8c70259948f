"""A setting that cannot be used is told by its name and fault, never by its value: it may hold a password."""

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from chassis.roles import RoleSettings
from services.analytics.settings import AnalyticsSettings
from services.notifications.settings import NotificationSettings
from services.registration.settings import RegistrationSettings

PASSWORD = "hT7dQm2Xv9LsWk4e"
ALL = (RegistrationSettings, NotificationSettings, AnalyticsSettings, RoleSettings)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    "url",
    [f"mysql://u:{PASSWORD}@host/x", f"postgresql://u:{PASSWORD}/w@host:5432/x", f"postgresql://u:{PASSWORD}@:port"],
)
def test_a_database_url_that_cannot_be_used_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseSettings], url: str
) -> None:
    monkeypatch.setenv("RENCONTRES_DATABASE_URL", url)
    _told_without(PASSWORD, kind)


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (RegistrationSettings, "RENCONTRES_NATS_URL", f"http://u:{PASSWORD}@host"),
        (RegistrationSettings, "RENCONTRES_CHALLENGE_KEY", PASSWORD),
        (NotificationSettings, "RENCONTRES_SMTP_URL", f"http://u:{PASSWORD}@host"),
        (RoleSettings, "RENCONTRES_ROLE_PASSWORDS", f'["{PASSWORD}"]'),
    ],
)
def test_no_other_secret_is_repeated(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseSettings], name: str, value: str
) -> None:
    monkeypatch.setenv("RENCONTRES_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    monkeypatch.setenv(name, value)
    _told_without(PASSWORD, kind)


def _told_without(secret: str, kind: type[BaseSettings]) -> None:
    with pytest.raises(ValidationError) as told:
        kind()
    assert secret not in str(told.value)
    assert secret[:6] not in repr(told.value)
