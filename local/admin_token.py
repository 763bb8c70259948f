"""The token with which the operator of a local run calls the organiser API: made once, kept readable by its owner only."""

from pathlib import Path
from uuid import uuid4

import httpx

from local.passwords import write_secret
from local.run_state import admin_token_file

MAKE = ("services.registration", "admin-token", "--name", "local")
"""The command that prints a new one, as its last line."""


def keep(data: Path, token: str) -> None:
    """Keep it for the runs to come."""
    write_secret(admin_token_file(data), f"{token}\n")


def kept(data: Path) -> str | None:
    """The token of an earlier run, if there is one."""
    try:
        return admin_token_file(data).read_text().strip() or None
    except FileNotFoundError:
        return None


async def is_accepted(token: str, *, api_url: str) -> bool:
    """Whether the API takes the token: asked for the registrations of no meetup, it then says "not found"."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        answer = await http.get(
            f"{api_url}/api/v1/meetups/{uuid4()}/registrations", headers={"Authorization": f"Bearer {token}"}
        )
    return answer.status_code == httpx.codes.NOT_FOUND
