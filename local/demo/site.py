"""The network as anybody meets it: the public and the organiser API of registration, statistics, and the local mailbox and traces."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from local.failure import Failure

TIMEOUT = 30.0
TRIES = 10


class UnexpectedAnswerError(Failure):
    """A service answered something else than the way of a registration needs; the message holds the answer."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the site answers to a registration."""

    id: str
    reference: str
    status: str
    position: int | None


class Site:
    """A client of one running network."""

    def __init__(self, http: httpx.AsyncClient, *, url: str, admin_token: str) -> None:
        self._http, self.url = http, url
        self._organiser = {"Authorization": f"Bearer {admin_token}"}

    async def declare_organisation(self, *, name: str, kind: str, email: str, new_registration_mail: str) -> str:
        """Add an organisation and return its id."""
        body = {"name": name, "kind": kind, "email": email, "new_registration_mail": new_registration_mail}
        answer = await self._post("/api/v1/organisations", body, headers=self._organiser, expected=201)
        return str(answer["id"])

    async def publish_meetup(
        self,
        *,
        title: str,
        territory: str,
        organisation_id: str,
        capacity: int,
        overbooking_percent: int,
        days_ahead: int = 30,
    ) -> dict[str, Any]:
        """Draft and publish a meetup at 18:00 venue time, and return it."""
        start = (datetime.now(UTC) + timedelta(days=days_ahead)).replace(
            hour=18, minute=0, second=0, microsecond=0, tzinfo=None
        )
        body = {
            "title": title,
            "territory": territory,
            "format": "matchmaking",
            "starts_local": start.isoformat(),
            "ends_local": (start + timedelta(hours=2)).isoformat(),
            "venue": {"name": "Salle de démonstration", "address": "1 place du Marché (adresse fictive)"},
            "capacity": capacity,
            "overbooking_percent": overbooking_percent,
            "organisers": [{"organisation_id": organisation_id, "role": "lead"}],
            "demo": True,
        }
        draft = await self._post("/api/v1/meetups", body, headers=self._organiser, expected=201)
        return await self._post(f"/api/v1/meetups/{draft['id']}/publish", None, headers=self._organiser)

    async def register(self, meetup_id: str, *, name: str, email: str, headcount: str, locale: str) -> Receipt:
        """Register somebody."""
        body = {"full_name": name, "email": email, "headcount": headcount, "locale": locale}
        answer = await self._post(
            f"/api/v1/meetups/{meetup_id}/registrations", body, headers={"Idempotency-Key": str(uuid4())}, expected=201
        )
        return Receipt(answer["id"], answer["reference"], answer["status"], answer.get("position"))

    async def confirm(self, reference: str, *, token: str) -> str:
        """Press the button of the mailed link; return the status."""
        answer = await self._post(
            f"/api/v1/registrations/{reference}/confirm", None, headers={"Authorization": f"Bearer {token}"}
        )
        return str(answer["status"])

    async def check_in(self, meetup_id: str, references: Sequence[str]) -> list[str]:
        """Scan people at the door, all in one batch; return a result each."""
        moment = datetime.now(UTC).isoformat()
        scans = [{"scan_id": str(uuid4()), "reference": each, "scanned_at": moment} for each in references]
        answer = await self._post(f"/api/v1/meetups/{meetup_id}/check-ins", {"scans": scans}, headers=self._organiser)
        return [str(result["result"]) for result in answer["results"]]

    async def get(self, url: str) -> Any:  # noqa: ANN401 - JSON of several services
        """Read JSON from anywhere in the network."""
        return self._read(await self._http.get(url), expected=200)

    async def _post(
        self, path: str, body: dict[str, Any] | None, *, headers: dict[str, str], expected: int = 200
    ) -> dict[str, Any]:
        """Post, and again when the site asks to come back: all of it may be repeated."""
        for _ in range(TRIES - 1):
            response = await self._http.post(f"{self.url}{path}", json=body, headers=headers)
            if response.status_code != 503:
                break
            await asyncio.sleep(float(response.headers.get("retry-after", "1")))
        else:
            response = await self._http.post(f"{self.url}{path}", json=body, headers=headers)
        answer: dict[str, Any] = self._read(response, expected=expected)
        return answer

    @staticmethod
    def _read(response: httpx.Response, *, expected: int) -> Any:  # noqa: ANN401 - JSON
        if response.status_code != expected:
            raise UnexpectedAnswerError(
                f"{response.request.method} {response.request.url.path} answered {response.status_code}: {response.text[:500]}"
            )
        return response.json()


@asynccontextmanager
async def site(*, url: str, admin_token: str) -> AsyncIterator[Site]:
    """Open a client."""
    limits = httpx.Limits(max_connections=60, max_keepalive_connections=60)
    async with httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False) as http:
        yield Site(http, url=url, admin_token=admin_token)
