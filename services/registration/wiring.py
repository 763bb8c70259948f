"""What routes and pages find on the application, put there by the composition root (`services.registration.app`)."""

from typing import cast

from starlette.requests import Request

from services.registration.admission import Admission
from services.registration.settings import Operator
from services.registration.work import Work


def work_of(request: Request) -> Work:
    """Return the database, clock and outbox of this process."""
    return cast("Work", request.app.state.work)


def public_url_of(request: Request) -> str:
    """Return where the public reaches the site, without a slash at the end."""
    return cast("str", request.app.state.public_url)


def security_contact_of(request: Request) -> str:
    """Return where a vulnerability is told of."""
    return cast("str", request.app.state.security_contact)


def mail_from_of(request: Request) -> str | None:
    """Return who sends the mails, where that is not left to the default."""
    return cast("str | None", request.app.state.mail_from)


def admission_of(request: Request) -> Admission:
    """Return the desk at which registrations arrive."""
    return cast("Admission", request.app.state.admission)


def operator_of(request: Request) -> Operator:
    """Return who runs this site."""
    return cast("Operator", request.app.state.operator)
