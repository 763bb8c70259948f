"""The mail server refuses, breaks or is away, the registration service is away, a sender dies: mail is late, never lost, hardly ever double."""

import asyncio
from datetime import timedelta

from chassis.clock import ManualClock
from contracts.catalogue import MEETUP_FILLED
from local.mail_sink import MailSink, Refusal
from services.notifications.operator import failed_deliveries, resend
from services.notifications.outbound import LEASE, Outbound
from tests.fixtures.calendar_parts import calendar_of
from tests.fixtures.grumpy_smtp import GrumpyServer
from tests.fixtures.notifying import LEAD, address, answering, event, meetup, organisation, registration
from tests.fixtures.post_office import PostOffice

PEOPLE = [f"person{number}" for number in range(20)]


async def test_a_cancellation_never_overtakes_its_invitation(office: PostOffice, clock: ManualClock) -> None:
    await office.prepare("zaina")
    grumpy = GrumpyServer(to_recipients=["450 4.7.1 come back later"], to_mails=["451 4.3.0 not now"])
    async with grumpy.listening(), office.sending_to(grumpy.url).open():
        await office.tell(event(registration("zaina", "confirmed")))
        await office.tell(event(registration("zaina", "cancelled", version=2, cancelled_by="attendee")))
        for _ in range(2):
            await asyncio.wait_for(grumpy.refused.acquire(), 10)
            await office.until_lanes_rest()
            assert grumpy.accepted == []
            clock.advance(timedelta(seconds=5))
        await office.until_nothing_is_due()
    assert [calendar_of(mail)[0] for mail in grumpy.accepted] == ["REQUEST", "CANCEL"]


async def test_news_to_an_organisation_go_abreast_but_nothing_else_overtakes_them(
    office: PostOffice, clock: ManualClock
) -> None:
    await office.prepare()
    await office.tell(event(organisation(LEAD, wish="each", version=2)))
    for who in PEOPLE[:6]:
        await office.tell(event(registration(who, "held")))
    await office.tell(event(meetup(version=2), MEETUP_FILLED))
    await office.tell(event(registration("late", "waitlisted", position=1)))
    grumpy = GrumpyServer(to_mails=["451 4.3.0 not now"])
    async with grumpy.listening(), office.sending_to(grumpy.url).open():
        await asyncio.wait_for(grumpy.refused.acquire(), 10)
        await office.until_lanes_rest()
        clock.advance(timedelta(seconds=5))
        await office.until_nothing_is_due()
    subjects = [mail["Subject"].partition("\u202f")[0] for mail in grumpy.accepted if address("cci") in mail["To"]]
    assert subjects == ["Nouvelle inscription"] * 6 + ["Complet", "Nouvelle inscription en liste d’attente"]


async def test_a_server_that_takes_no_mail_uses_up_no_try(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare(*PEOPLE)
    mail_sink.refusing = Refusal.SENDER
    async with office.open() as sender:
        await office.tell(*(event(registration(who, "held")) for who in PEOPLE))
        await office.tell(*(event(registration(who, "confirmed", version=2)) for who in PEOPLE))
        await office.until(lambda: not sender.mail_server.is_closed)
        mail_sink.refusing = None
        await mail_sink.wait_for_count(2 * len(PEOPLE))
    for who in PEOPLE:
        first, second = mail_sink.mails_to(address(who))
        assert first.subject.startswith("Confirmez")
        assert second.subject.startswith("Place confirmée")
    assert await office.value("SELECT max(attempts) FROM deliveries WHERE status = 'sent'") == 1
    assert mail_sink.duplicates() == {}


async def test_mail_waits_for_a_server_that_is_down(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare(*PEOPLE)
    await mail_sink.stop()
    async with office.open() as sender:
        await office.tell(*(event(registration(who, "held")) for who in PEOPLE))
        await office.until(lambda: not sender.mail_server.is_closed)
        await mail_sink.start()
        await mail_sink.wait_for_count(len(PEOPLE))
    assert await office.value("SELECT max(attempts) FROM deliveries") == 1


async def test_connections_the_server_has_cut_are_opened_again(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina", "ali")
    async with office.open():
        await office.tell(event(registration("zaina", "held")))
        await mail_sink.wait_for_count(1)
        await mail_sink.stop()
        await mail_sink.start()
        await office.tell(event(registration("ali", "held")))
        await mail_sink.wait_for_count(2)
    assert mail_sink.duplicates() == {}


async def test_mail_waits_until_contacts_are_known(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina")
    async with office.open_alone() as sender:
        await office.tell(event(registration("zaina", "held")))
        await office.until(lambda: not sender.sources.is_closed)
        assert mail_sink.received == 0
        subject = office.settings.topology.contacts_lookup
        async with answering(office.register, url=office.nats_url, subject=subject):
            await mail_sink.wait_for_count(1)
    assert await office.statuses() == [("confirm_address", "sent", None)]


async def test_a_mail_refused_for_good_is_given_up_and_the_lane_goes_on(
    office: PostOffice, mail_sink: MailSink, clock: ManualClock
) -> None:
    await office.prepare("zaina")
    grumpy = GrumpyServer(to_mails=["554 5.7.1 no such mail here, zaina@people.example"])
    async with grumpy.listening(), office.sending_to(grumpy.url).open():
        await office.tell(event(registration("zaina", "held")))
        await office.tell(event(registration("zaina", "confirmed", version=2)))
        await office.until_nothing_is_due()
    assert await office.statuses() == [("confirm_address", "failed", "smtp-554"), ("seat_confirmed", "sent", None)]
    (failed,) = await failed_deliveries(office.database, limit=10)
    assert (failed["last_error"], failed["attempts"]) == ("smtp-554", 1)
    assert await resend(office.database, await office.failed(), now=clock.now()) == 1
    async with office.open():
        await mail_sink.wait_for_count(1)
    assert await office.failed() == []


async def test_a_mail_refused_for_days_is_given_up(office: PostOffice, clock: ManualClock) -> None:
    await office.prepare("zaina")
    grumpy = GrumpyServer(to_mails=["451 4.3.0 not now"] * 2)
    async with grumpy.listening(), office.sending_to(grumpy.url).open():
        await office.tell(event(registration("zaina", "held")))
        await asyncio.wait_for(grumpy.refused.acquire(), 10)
        await office.until_lanes_rest()
        clock.advance(timedelta(days=3))
        await office.until_nothing_is_due()
    assert await office.statuses() == [("confirm_address", "failed", "smtp-451")]


async def test_a_sender_that_dies_doubles_at_most_the_mails_in_hand(
    office: PostOffice, mail_sink: MailSink, clock: ManualClock
) -> None:
    await office.prepare(*PEOPLE)
    await office.tell(*(event(registration(who, "held")) for who in PEOPLE))
    connections = office.settings.smtp_connections
    async with office.dying(_NeverRecords) as kill:
        await mail_sink.wait_for_count(connections)
        kill()
    assert mail_sink.received == connections
    clock.advance(LEASE)
    async with office.open():
        await mail_sink.wait_for_count(connections + len(PEOPLE))
    assert len(mail_sink.duplicates()) == connections
    assert all(len(mail_sink.mails_to(address(who))) in (1, 2) for who in PEOPLE)
    assert {status for _, status, _ in await office.statuses()} == {"sent"}


async def test_two_senders_share_the_lanes_and_double_nothing(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare(*PEOPLE)
    async with office.open(), office.open_alone():
        await office.tell(*(event(registration(who, "held")) for who in PEOPLE))
        await office.tell(*(event(registration(who, "confirmed", version=2)) for who in PEOPLE))
        await mail_sink.wait_for_count(2 * len(PEOPLE))
    assert mail_sink.duplicates() == {}
    assert mail_sink.received == 2 * len(PEOPLE)


class _NeverRecords(Outbound):
    """A sender's database side at the instant of its death: mails were accepted, and nothing will say so."""

    async def record(self, **_what: object) -> None:
        await asyncio.Event().wait()
