"""Configuration of the defences. Limits are written `requests/seconds`, or `off`; each process counts for itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from chassis.limits import Policy
from chassis.settings import ChassisSettings


def _limit(text: str) -> str:
    Policy.read("limit", text)
    return text


Limit = Annotated[str, AfterValidator(_limit)]


class DefenceSettings(ChassisSettings):
    """How often what may be asked, and when strangers are asked to work for it.

    A network is an IPv4 address or an IPv6 /56: offices, and the phones of a whole island, share one. The defaults let a room of
    forty register at once from one connection.
    """

    limit_reading: Annotated[Limit, Field(description="pages, feeds and public API, by network")] = "600/60"
    limit_registrations: Annotated[Limit, Field(description="registrations sent, by network")] = "40/600"
    limit_registrations_by_address: Annotated[Limit, Field(description="registrations sent, by e-mail address")] = (
        "15/3600"
    )
    limit_links: Annotated[Limit, Field(description="links asked for, by network")] = "10/600"
    limit_links_by_address: Annotated[Limit, Field(description="links asked for, by e-mail address")] = "5/3600"
    limit_guesses: Annotated[Limit, Field(description="links and tokens that open nothing, by network")] = "30/600"
    limit_organiser: Annotated[Limit, Field(description="requests of an organiser's program, by token")] = "1200/60"
    limit_copies: Annotated[Limit, Field(description="copies of all their data, by person")] = "6/3600"
    limit_waits: Annotated[Limit, Field(description="challenges passed by waiting, by network")] = "20/600"

    challenge: Annotated[
        Literal["auto", "on", "off"],
        Field(description="proof of work for forms: under attack, always (loopback included), never"),
    ] = "auto"
    challenge_threshold: Annotated[int, Field(ge=1, description="networks refused in a minute that are an attack")] = 10
    challenge_bits: Annotated[
        int, Field(ge=8, le=26, description="leading zero bits to be found; one more doubles it")
    ] = 16
    challenge_key: Annotated[
        SecretStr | None,
        Field(min_length=32, description="shared by several replicas; each makes its own if not given"),
    ] = None

    security_contact: Annotated[
        str | None,
        Field(
            pattern=r"^(https://|mailto:|tel:)[^\s]+$",
            description="Contact of /.well-known/security.txt; RENCONTRES_CONTACT by default, or security@ the public host",
        ),
    ] = None

    def limit(self, name: str) -> Policy | None:
        """Return a limit as a policy; its name is shown to callers."""
        written: str = getattr(self, f"limit_{name}")
        return Policy.read(name.replace("_", "-"), written)
