"""Writes the configuration of Alertmanager, which reads no variables: `python configure.py FILE`, in an image of ours.

Mails about alerts go out by the sender's mail server and under its address, to ALERT_MAIL_TO; without it to RENCONTRES_CONTACT; without
that to the sender's own address. The file holds the password of the mail server: it belongs on a volume of its own.
"""

import json
import os
import sys
from pathlib import Path
from string import Template

from services.notifications.delivery.smtp import Server
from services.notifications.settings import NotificationSettings

TEMPLATE = Path(__file__).parent / "alertmanager.yaml"


def configuration(settings: NotificationSettings, *, told: str | None) -> str:
    """Return the file. Values are written as JSON, which YAML contains: no sign in a password means anything there."""
    values = {
        "texts": json.dumps(str(TEMPLATE.parent / "mail.tmpl")),
        "mail_server": json.dumps(_mail_server(settings)),
        "told": json.dumps(told or settings.sender.email),
    }
    return Template(TEMPLATE.read_text()).substitute(values)


def _mail_server(settings: NotificationSettings) -> dict[str, str | bool]:
    """TLS is wanted or not, for Alertmanager; `auto` becomes wanted where a password would be sent without it."""
    server = Server.parse(settings.smtp_url, greet_as=settings.mail_host)
    starttls = server.username is not None if server.starttls is None else server.starttls
    said: dict[str, str | bool] = {
        "smtp_smarthost": f"{server.host}:{server.port}",
        "smtp_hello": server.greet_as,
        "smtp_from": settings.sender.email,
        "smtp_require_tls": server.tls or starttls,
    }
    if server.username is not None:
        said |= {"smtp_auth_username": server.username, "smtp_auth_password": server.password or ""}
    if (
        server.tls and server.port != 465
    ):  # with which it begins TLS by itself; releases before this setting, 0.31, know no other port
        said["smtp_force_implicit_tls"] = True
    return said


def main() -> None:
    """Write it whole or not at all."""
    file = Path(sys.argv[1])
    told = os.environ.get("ALERT_MAIL_TO") or os.environ.get("RENCONTRES_CONTACT")
    new = file.with_suffix(".new")
    new.write_text(configuration(NotificationSettings(), told=told))
    new.replace(file)


if __name__ == "__main__":
    main()
