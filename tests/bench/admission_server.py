"""The registration API with one route more: the same body, headers and validation, and no admission. Run as a process of its own."""

import sys
from typing import Annotated
from uuid import UUID

from fastapi import Header, Response

from chassis.process import Process, run
from services.registration.api.fields import IDEMPOTENCY_KEY
from services.registration.api.registration_form import RegistrationForm
from services.registration.app import application
from services.registration.receipts import Receipt
from services.registration.settings import RegistrationSettings


async def main(process: Process) -> None:
    """Serve both on the port given."""
    async with application(RegistrationSettings()) as app:
        app.add_api_route("/noop/{meetup_id}/registrations", noop, methods=["POST"], status_code=201)
        app.router.routes.insert(0, app.router.routes.pop())  # found first: it shall pay for no other route
        await process.serve(app, host="127.0.0.1", port=int(sys.argv[1]), probes=app.state.probes)


async def noop(
    meetup_id: UUID,
    form: RegistrationForm,
    idempotency_key: Annotated[str, Header(pattern=IDEMPOTENCY_KEY)],
) -> Response:
    """Validate, and answer what a registration would look like."""
    asked = form.application(meetup_id=meetup_id, key=idempotency_key, channel="api")
    receipt = Receipt(id=meetup_id, reference=asked.key[:13], meetup_id=meetup_id, status="held")
    return Response(receipt.to_json(), 201, media_type="application/json")


if __name__ == "__main__":
    run(main, service="registration", process="api")
