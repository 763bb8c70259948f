"""Reminders on real servers, under a clock that is moved: the day before at ten, once, to those whom it concerns, and never late."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.clock import ManualClock
from chassis.wakeup import Waker
from contracts.catalogue import MEETUP_CANCELLED, MEETUP_RESCHEDULED, MEETUP_UPDATED
from local.mail_sink import MailSink
from services.notifications.domain.reminding import LATEST
from services.notifications.handlers import CHANNEL
from tests.fixtures.notifying import address, event, meetup, moved, registration
from tests.fixtures.post_office import PostOffice

STARTS = meetup().starts_at
HOUR = STARTS - timedelta(hours=23)
"""Ten o’clock in Mayotte, the day before nine o’clock."""
WEEK = timedelta(days=7)


@pytest.fixture
async def office(office: PostOffice) -> PostOffice:
    """Zaïna has had a seat for weeks; the mail that said so is gone."""
    await office.prepare("zaina", "ali", "moana")
    await office.tell(event(registration("zaina", "confirmed")))
    return office


async def reminded(office: PostOffice) -> list[tuple[str, str | None]]:
    """Status and last error of every reminder."""
    return [(status, error) for kind, status, error in await office.statuses() if kind == "reminder"]


async def test_the_day_before_at_ten_one_mail_with_one_tap(
    office: PostOffice, mail_sink: MailSink, clock: ManualClock
) -> None:
    clock.moment = HOUR - timedelta(seconds=1)
    assert await office.reminders.sweep() == 0
    clock.moment = HOUR
    async with office.open():
        assert await office.reminders.sweep() == 1
        mail = await mail_sink.wait_for(lambda mail: mail.subject.startswith("Rappel"))
    assert mail.recipients == (address("zaina"),)
    assert mail.text().startswith("C’est demain")
    assert "https://rencontres.example/inscriptions/REF-ZAINA/annuler?token=token-" in mail.text()
    assert mail.message["Reply-To"] == address("cci")
    assert await office.reminders.sweep() == 0


async def test_who_confirmed_since_the_day_before_is_left_in_peace(office: PostOffice, clock: ManualClock) -> None:
    clock.moment = HOUR
    await office.tell(
        event(registration("ali", "confirmed", at=HOUR - timedelta(hours=23))),
        event(registration("moana", "confirmed", at=HOUR + timedelta(minutes=5))),
    )
    assert await office.reminders.sweep() == 1


async def test_what_is_told_later_of_a_seat_does_not_make_it_new(office: PostOffice, clock: ManualClock) -> None:
    clock.moment = HOUR
    corrected = registration("zaina", "confirmed", version=2, at=HOUR - timedelta(hours=1), sector="artisanat")
    await office.tell(event(corrected))
    assert await office.reminders.sweep() == 1


@pytest.mark.parametrize("status", ["held", "waitlisted", "offered", "cancelled", "expired"])
async def test_only_a_confirmed_seat_is_remembered(office: PostOffice, clock: ManualClock, status: str) -> None:
    await office.tell(event(registration("zaina", status, version=2)))  # type: ignore[arg-type]
    clock.moment = HOUR
    assert await office.reminders.sweep() == 0


async def test_a_meetup_that_was_called_off_is_not_remembered(office: PostOffice, clock: ManualClock) -> None:
    await office.tell(event(meetup(version=2, status="cancelled"), MEETUP_CANCELLED))
    clock.moment = HOUR
    assert await office.reminders.sweep() == 0


async def test_a_moved_meetup_is_remembered_on_its_new_day_again(office: PostOffice, clock: ManualClock) -> None:
    clock.moment = HOUR
    assert await office.reminders.sweep() == 1
    await office.tell(event(moved(meetup(), at=HOUR + timedelta(hours=1)), MEETUP_RESCHEDULED))
    assert await office.reminders.sweep() == 0
    clock.moment = HOUR + WEEK
    assert await office.reminders.sweep() == 1
    assert await office.reminders.sweep() == 0


async def test_a_move_on_the_eve_is_its_own_reminder(office: PostOffice, clock: ManualClock) -> None:
    clock.moment = HOUR + WEEK + timedelta(hours=3)
    await office.tell(event(moved(meetup(), at=clock.moment), MEETUP_RESCHEDULED))
    assert await office.reminders.sweep() == 0


async def test_another_hour_of_the_same_day_brings_no_second_reminder(office: PostOffice, clock: ManualClock) -> None:
    await office.tell(event(moved(meetup(), by=timedelta(hours=3)), MEETUP_RESCHEDULED))
    clock.moment = HOUR
    assert await office.reminders.sweep() == 1
    mended = moved(meetup(), by=timedelta(hours=3)).model_copy(update={"version": 3, "title": "Café IA"})
    await office.tell(event(mended, MEETUP_UPDATED))
    assert await office.reminders.sweep() == 0


async def test_a_worker_that_was_away_for_long_makes_what_still_helps_and_nothing_stale(
    office: PostOffice, clock: ManualClock
) -> None:
    clock.moment = STARTS + timedelta(hours=1)
    assert await office.reminders.sweep() == 0
    clock.moment = STARTS - LATEST + timedelta(minutes=1)
    assert await office.reminders.sweep() == 0
    clock.moment = STARTS - timedelta(hours=4)
    assert await office.reminders.sweep() == 1


async def test_a_mail_server_that_was_away_over_the_meetup_gets_no_reminder_of_it(
    office: PostOffice, mail_sink: MailSink, clock: ManualClock
) -> None:
    clock.moment = HOUR
    assert await office.reminders.sweep() == 1
    clock.moment = STARTS + timedelta(minutes=1)
    async with office.open():
        await office.until_nothing_is_due()
    assert await reminded(office) == [("dropped", "overtaken")]
    assert [mail.subject.partition("\u202f")[0] for mail in mail_sink.mails] == ["Place confirmée"]


async def test_what_changed_while_a_reminder_waited_for_the_mail_server_counts(
    office: PostOffice, clock: ManualClock
) -> None:
    await office.tell(event(registration("ali", "confirmed")))
    clock.moment = HOUR
    assert await office.reminders.sweep() == 2
    await office.tell(event(registration("zaina", "cancelled", version=2, cancelled_by="attendee")))
    await office.tell(event(moved(meetup(), at=HOUR), MEETUP_RESCHEDULED))
    async with office.open():
        await office.until_nothing_is_due()
    assert await reminded(office) == [("dropped", "overtaken")] * 2


async def test_several_workers_make_each_reminder_once(office: PostOffice, clock: ManualClock) -> None:
    await office.tell(*(event(registration(f"person{number}", "confirmed")) for number in range(40)))
    clock.moment = HOUR
    made = await asyncio.gather(*(office.reminders.sweep() for _ in range(4)))
    assert sum(made) == 41
    assert len(await reminded(office)) == 41


async def test_a_backlog_of_events_comes_first(office: PostOffice, clock: ManualClock) -> None:
    clock.moment = HOUR
    counts: list[int | None] = [None, 12_000, 0]
    happened: list[int | str | None] = []
    made = asyncio.Event()

    class Bell(Waker):
        """Notes that there is something to send."""

        def wake(self) -> None:
            happened.append("made")
            made.set()

    def unread() -> int | None:
        happened.append(counts[0])
        return counts.pop(0) if len(counts) > 1 else counts[0]

    worker = replace(office.reminders, waker=Bell(office.database, CHANNEL), unread=unread)
    running = asyncio.create_task(worker.run(every=0.01))
    await asyncio.wait_for(made.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert happened[:4] == [None, 12_000, 0, "made"]
