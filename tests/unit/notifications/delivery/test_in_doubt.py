"""How many mails a sender may have had under way when it died: mails are counted, not lanes."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.notifications.delivery.deliveries import Delivery, Lane
from services.notifications.delivery.lane_runner import CONNECTIONS_A_LANE, in_doubt
from services.notifications.domain.notices import Facts, Kind
from tests.fixtures.notifying import LEAD, NOW, meetup

NEWS = Delivery(
    id=uuid4(),
    kind=Kind.NEW_REGISTRATION,
    recipient_kind="organisation",
    recipient_id=LEAD,
    registration_id=None,
    meetup_id=meetup().meetup_id,
    facts=Facts(),
    trace={},
    attempts=0,
    due_at=NOW,
    meetup=meetup(),
)
FULL = replace(NEWS, kind=Kind.MEETUP_FULL)


@pytest.mark.parametrize(
    ("deliveries", "expected"),
    [
        ([], 0),
        ([FULL], 1),
        ([FULL, FULL, NEWS], 1),
        ([NEWS] * 3 + [FULL], 3),
        ([NEWS] * 30, CONNECTIONS_A_LANE),
    ],
)
def test_only_what_may_have_been_under_way_is_in_doubt(deliveries: list[Delivery], expected: int) -> None:
    assert in_doubt(Lane(LEAD, uuid4(), 0.0, taken_over=True, deliveries=deliveries)) == expected
