"""What an operator does for somebody from the command line, on the running network: a dry run first, a hold that nothing gets around."""

from collections.abc import Sequence

import pytest

from local.demo.site import site
from tests.fixtures.arena import Arena
from tests.fixtures.meetups import publish_meetup

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

ADDRESS = "held@rights.example"


async def _command(arena: Arena, *arguments: str) -> tuple[int, str]:
    return await arena.run("services.registration", *arguments)


async def test_somebody_held_for_a_legal_claim_is_not_erased_until_released(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=3)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        await people.register(meetup_id, name="Une Personne", email=ADDRESS, headcount="1-9", locale="fr")
    assert (await _command(arena, "person-hold", ADDRESS, "--file", "2027-12"))[0] == 0
    code, said = await _command(arena, "person-erase", ADDRESS, "--yes")
    assert code == 3, said
    assert "nothing was erased" in said
    assert (await _command(arena, "person-release", ADDRESS))[0] == 0
    assert (await _command(arena, "person-erase", ADDRESS, "--yes"))[0] == 0
    assert (await _command(arena, "person-export", ADDRESS))[0] == 1


@pytest.mark.parametrize(
    ("service", "kinds"),
    [
        ("services.registration", ("unconfirmed", "attendance", "scans", "consents", "people")),
        ("services.notifications", ("mails", "registration_copies")),
    ],
)
async def test_what_is_due_is_said_by_kind_and_nothing_is_done(
    arena: Arena, service: str, kinds: Sequence[str]
) -> None:
    code, said = await arena.run(service, "retention")
    assert code == 0, said
    for kind in kinds:
        assert f"\n{kind} " in said
    assert "removed" not in said
    code, said = await arena.run(service, "retention", "--yes")
    assert code == 0, said
    assert f"{kinds[0]}: 0 removed" in said
