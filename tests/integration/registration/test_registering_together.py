"""Several people of one firm on one form."""

import pytest

from services.registration.admission import Admission
from services.registration.domain.refusals import RegistrationClosed
from services.registration.receipts import Application, Outcome
from services.registration.registering_together import Colleague, register_together
from tests.integration.registration.conftest import STARTS, House, application_of

COLLEAGUES = [Colleague(full_name=f"Colleague {n}", email=f"colleague{n}@firm.example") for n in (2, 3, 4)]


async def _together(admission: Admission, first: Application, colleagues: list[Colleague]) -> list[Outcome | Exception]:
    own, others = await register_together(admission, first, colleagues)
    return [own, *others]


async def test_each_gets_a_registration_in_the_order_named_and_the_last_wait(
    house: House, admission: Admission
) -> None:
    meetup_id = (await house.meetup(capacity=2)).meetup.id
    outcomes = await _together(admission, application_of(meetup_id, 1), COLLEAGUES)
    told = [(o.receipt.status, o.receipt.position) for o in outcomes if isinstance(o, Outcome)]
    assert told == [("held", None), ("held", None), ("waitlisted", 1), ("waitlisted", 2)]
    rows = {row["registration_id"]: row["full_name"] for row in await house.rows("SELECT * FROM attendees")}
    named = [rows[o.receipt.id] for o in outcomes if isinstance(o, Outcome)]
    assert named == ["Zainaba Madi", "Colleague 2", "Colleague 3", "Colleague 4"]
    assert await house.balance(meetup_id) == (2, 2)


async def test_a_colleague_was_named_by_one_and_who_asks_by_nobody(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=9)).meetup.id
    await _together(admission, application_of(meetup_id, 1), COLLEAGUES[:1])
    rows = await house.rows(
        "SELECT body::json ->> 'named_by' AS named_by FROM event_log WHERE type LIKE '%registration%' ORDER BY position"
    )
    assert [row["named_by"] for row in rows] == [None, "colleague"]


async def test_sending_the_form_twice_registers_everybody_once(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=9)).meetup.id
    first = await _together(admission, application_of(meetup_id, 1), COLLEAGUES)
    again = await _together(admission, application_of(meetup_id, 1), COLLEAGUES)
    assert [o.text for o in first if isinstance(o, Outcome)] == [o.text for o in again if isinstance(o, Outcome)]
    assert await house.statuses() == ["held"] * 4


async def test_a_colleague_who_comes_already_is_answered_like_the_others(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=9)).meetup.id
    await admission.ask(application_of(meetup_id, 7))
    known = Colleague(full_name="Ali", email="person7@firm.example")
    outcomes = await _together(admission, application_of(meetup_id, 1), [known, COLLEAGUES[0]])
    assert [o.receipt.status for o in outcomes if isinstance(o, Outcome)] == ["held"] * 3
    assert await house.balance(meetup_id) == (3, 0)


async def test_once_closed_nobody_is_registered(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    house.clock.moment = STARTS
    with pytest.raises(RegistrationClosed):
        await register_together(admission, application_of(meetup_id, 1), COLLEAGUES)
    assert not await house.rows("SELECT FROM people")
