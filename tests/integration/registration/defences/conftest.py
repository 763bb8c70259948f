"""Strangers: clients whose address a proxy on this machine tells, since nobody on the machine itself is held back."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.registration.app import application
from services.registration.settings import RegistrationSettings
from tests.integration.registration.conftest import House

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "fr"}
SLUG = "au-comptoir"
MEETUP = UUID(int=1)


class Strangers:
    """The site with its defences, as seen from other networks."""

    def __init__(self, app: FastAPI, house: House) -> None:
        self.app, self.house = app, house

    def at(self, address: str = "203.0.113.9", *, spoofed: str = "", browser: bool = True) -> httpx.AsyncClient:
        """Return a client with this address; `spoofed` is what it claims to be itself."""
        forwarded = f"{spoofed}, {address}" if spoofed else address
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://site.example",
            headers={**(BROWSER if browser else {}), "X-Forwarded-For": forwarded},
        )


Opened = Callable[..., AbstractAsyncContextManager[Strangers]]


@pytest.fixture
def opened(dsn: str, house: House) -> Opened:
    """Open the site with some settings and one meetup."""

    @asynccontextmanager
    async def open_(**values: object) -> AsyncIterator[Strangers]:
        settings = RegistrationSettings.model_validate({"public_url": "http://site.example", **values})
        await house.meetup(capacity=1000, slug=SLUG, id_=MEETUP)
        async with application(settings, dsn=dsn, clock=house.clock) as app:
            yield Strangers(app, house)

    return open_


def answers(person: int = 1, **more: str) -> dict[str, str]:
    """What somebody types into the form."""
    return {
        "idempotency_key": f"key-{person}",
        "full_name": "Zaïna M’Changama",
        "email": f"zaina{person}@exemple.fr",
        "headcount": "1-9",
        **more,
    }


def path_of(response: httpx.Response) -> str:
    """Where a redirect leads."""
    return urlsplit(response.headers["location"]).path
