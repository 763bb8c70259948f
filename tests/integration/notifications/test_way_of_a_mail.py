"""Events in, mail out, on real servers: each reason makes one mail, to the right people, in order."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chassis.clock import ManualClock
from contracts.catalogue import ATTENDANCE_CHECKED_IN, MEETUP_FILLED, MEETUP_RESCHEDULED, MEETUP_UPDATED
from local.mail_sink import MailSink
from tests.fixtures.calendar_parts import calendar_of
from tests.fixtures.notifying import (
    CO,
    LEAD,
    PARTNER,
    address,
    erased,
    event,
    meetup,
    moved,
    organisation,
    registration,
)
from tests.fixtures.post_office import PostOffice


async def test_a_held_seat_asks_for_confirmation(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina")
    async with office.open():
        await office.tell(event(registration("zaina", "held")))
        mail = await mail_sink.wait_for(lambda mail: address("zaina") in mail.recipients)
    assert mail.subject.startswith("Confirmez votre venue")
    assert "https://rencontres.example/inscriptions/REF-ZAINA?token=token-0" in mail.text()
    assert mail.message["Reply-To"] == address("cci")
    assert await office.statuses() == [("confirm_address", "sent", None)]
    assert await office.count("lanes") == 0


async def test_who_was_named_by_a_colleague_reads_so_first_and_may_decline(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await office.prepare("zaina")
    async with office.open():
        await office.tell(event(registration("zaina", "held", named_by="colleague")))
        mail = await mail_sink.wait_for(lambda mail: address("zaina") in mail.recipients)
    said = " ".join(mail.text().split())
    assert "Bonjour Zaina, Un ou une collègue a demandé votre inscription et nous a donné votre nom" in said
    assert "https://rencontres.example/inscriptions/REF-ZAINA/annuler?token=token-0" in said


async def test_a_seat_is_invited_to_and_its_cancellation_takes_the_invitation_back(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await office.prepare("zaina")
    async with office.open():
        await office.tell(event(registration("zaina", "held")))
        await office.tell(event(registration("zaina", "confirmed", version=2)))
        await office.tell(event(registration("zaina", "cancelled", version=3, cancelled_by="attendee")))
        await mail_sink.wait_for_count(3)
    _, invited, cancelled = [mail.message for mail in mail_sink.mails_to(address("zaina"))]
    request, entry = calendar_of(invited)
    cancel, withdrawn = calendar_of(cancelled)
    assert (request, cancel) == ("REQUEST", "CANCEL")
    assert entry["UID"] == withdrawn["UID"]
    assert (entry["SEQUENCE"], withdrawn["SEQUENCE"]) == (0, 1)
    assert withdrawn["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    ("day", "own"),
    [
        # Saint-Pierre-et-Miquelon changes its clocks on 14 March 2027, Paris on the 28th.
        ("2027-03-11", "06:00"),
        ("2027-03-18", "07:00"),
        ("2027-04-01", "06:00"),
    ],
)
async def test_who_lives_by_another_clock_reads_both_hours_in_every_mail(
    office: PostOffice, mail_sink: MailSink, day: str, own: str
) -> None:
    await office.prepare("zaina")
    paris = ZoneInfo("Europe/Paris")
    starts, ends = (datetime.fromisoformat(f"{day}T{hour}") for hour in ("10:00", "12:00"))
    webinar = meetup(
        version=2,
        attendance_mode="online",
        timezone="Europe/Paris",
        starts_local=starts,
        ends_local=ends,
        starts_at=starts.replace(tzinfo=paris).astimezone(UTC),
        ends_at=ends.replace(tzinfo=paris).astimezone(UTC),
    )
    await office.tell(event(webinar))
    async with office.open():
        await office.tell(event(registration("zaina", "held", timezone="America/Miquelon")))
        await office.tell(event(registration("zaina", "confirmed", version=2, timezone="America/Miquelon")))
        await mail_sink.wait_for_count(2)
    for mail in mail_sink.mails_to(address("zaina")):
        said = " ".join(mail.text().split())
        assert f"de 10:00 à 12:00, heure de Paris (début à {own} chez vous, heure de Saint-Pierre-et-Miquelon)" in said


async def test_an_event_that_comes_again_makes_no_second_mail(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina", "ali")
    held = event(registration("zaina", "held"))
    await office.tell(held, held)
    await office.tell(held)
    async with office.open():
        await office.tell(held, event(registration("ali", "held")))
        await mail_sink.wait_for(lambda mail: address("ali") in mail.recipients)
    assert len(mail_sink.mails_to(address("zaina"))) == 1


async def test_what_was_overtaken_makes_no_mail(office: PostOffice) -> None:
    await office.prepare("zaina")
    await office.tell(event(registration("zaina", "cancelled", version=3, cancelled_by="attendee")))
    await office.tell(event(registration("zaina", "held", version=1)))
    await office.tell(event(registration("zaina", "confirmed", version=2)))
    assert [kind for kind, _, _ in await office.statuses()] == ["registration_cancelled"]


async def test_attendance_makes_no_mail(office: PostOffice) -> None:
    await office.prepare("zaina")
    await office.tell(event(registration("zaina", "confirmed")))
    await office.tell(event(registration("zaina", "confirmed", version=2), ATTENDANCE_CHECKED_IN))
    assert [kind for kind, _, _ in await office.statuses()] == ["seat_confirmed"]


async def test_a_move_reaches_everybody_registered_once(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina", "ali", "moana")
    await office.tell(
        event(registration("zaina", "confirmed")),
        event(registration("ali", "waitlisted", position=1)),
        event(registration("moana", "cancelled", cancelled_by="attendee")),
    )
    later = event(moved(meetup()), MEETUP_RESCHEDULED)
    async with office.open():
        await office.tell(later)
        await office.tell(later)
        await mail_sink.wait_for_count(5)
    first, update = [mail.message for mail in mail_sink.mails_to(address("zaina"))]
    _, entry = calendar_of(first)
    method, changed = calendar_of(update)
    assert method == "REQUEST"
    assert (changed["UID"], changed["SEQUENCE"]) == (entry["UID"], 1)
    assert changed.start.isoformat() == "2027-02-11T09:00:00+03:00"
    assert "Au lieu de\u202f: jeudi 4 février 2027, de 09:00 à 11:30" in mail_sink.mails_to(address("zaina"))[1].text()
    notice = mail_sink.mails_to(address("ali"))[1].message
    assert not any(part.get_content_type() == "text/calendar" for part in notice.walk())
    assert len(mail_sink.mails_to(address("moana"))) == 1


async def test_another_address_for_joining_reaches_confirmed_seats_online_and_raises_their_sequence(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await office.prepare("zaina", "ali")
    hybrid = meetup(version=2, attendance_mode="hybrid")
    await office.tell(
        event(hybrid),
        event(registration("zaina", "confirmed", mode="online")),
        event(registration("ali", "confirmed", mode="onsite")),
    )
    changed = event(hybrid.model_copy(update={"version": 3, "join_changes": 1}), MEETUP_UPDATED)
    office.register.join_url = "https://visio.example/salle"
    async with office.open():
        await office.tell(changed)
        await office.tell(changed)
        await mail_sink.wait_for_count(3)
    first, update = mail_sink.mails_to(address("zaina"))
    assert len(mail_sink.mails_to(address("ali"))) == 1
    assert update.subject.startswith("Pour vous connecter")
    assert "https://visio.example/salle" in update.text()
    method, entry = calendar_of(update.message)
    assert (method, entry["SEQUENCE"], entry["LOCATION"]) == ("REQUEST", 1, "https://visio.example/salle")
    assert entry["UID"] == calendar_of(first.message)[1]["UID"]


async def test_whoever_gave_their_seat_online_back_is_not_told_that_there_is_no_address_any_more(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await office.prepare("zaina", "ali", "moana")
    hybrid = meetup(version=2, attendance_mode="hybrid")
    await office.tell(
        event(hybrid),
        *(event(registration(who, "confirmed", mode="online")) for who in ("zaina", "ali", "moana")),
        event(hybrid.model_copy(update={"version": 3, "join_changes": 1}), MEETUP_UPDATED),
        event(registration("zaina", "cancelled", version=2, mode="online", cancelled_by="attendee")),
        event(registration("ali", "confirmed", version=2, mode="onsite", calendar_changes=1)),
    )
    async with office.open():
        await mail_sink.wait_for_count(6)
    subjects = {who: [mail.subject for mail in mail_sink.mails_to(address(who))] for who in ("zaina", "ali", "moana")}
    joining = {who: [one for one in told if one.startswith("Pour vous connecter")] for who, told in subjects.items()}
    assert {who: len(told) for who, told in joining.items()} == {"zaina": 0, "ali": 0, "moana": 1}
    assert {who: len(told) for who, told in subjects.items()} == {"zaina": 2, "ali": 2, "moana": 2}
    _, entry = calendar_of(mail_sink.mails_to(address("zaina"))[1].message)
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 2)


async def test_each_new_registration_is_told_to_the_organisers_who_want_it(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await office.prepare("zaina", "ali")
    await office.tell(*(event(organisation(o, wish="each", version=2)) for o in (LEAD, CO, PARTNER)))
    async with office.open():
        await office.tell(event(registration("zaina", "held")))
        await office.tell(event(registration("zaina", "confirmed", version=2)))
        await office.tell(event(registration("ali", "waitlisted", position=1)))
        await mail_sink.wait_for_count(3 + 4)
    first, second = mail_sink.mails_to(address("cci"))
    assert "Référence\u202f: REF-ZAINA" in first.text()
    assert "Places prises\u202f: 1 sur 138" in first.text()
    assert "Liste d’attente\u202f: 1" in second.text()
    assert "zaina" not in first.text() + first.text("html")
    assert len(mail_sink.mails_to(address("bpifrance"))) == 2
    assert mail_sink.mails_to(address("partner")) == []


async def test_the_hourly_summary_is_one_mail_of_all_that_is_new(
    office: PostOffice, mail_sink: MailSink, clock: ManualClock
) -> None:
    await office.prepare("zaina", "ali", "moana")
    await office.tell(event(organisation(LEAD, wish="hourly", version=2)))
    async with office.open():
        for who in ("zaina", "ali"):
            told = event(registration(who, "held"))
            await office.tell(told)
            await office.tell(told)
        await office.tell(event(registration("moana", "waitlisted", position=1)))
        await mail_sink.wait_for_count(3)
        assert mail_sink.mails_to(address("cci")) == []
        clock.advance(timedelta(minutes=48))
        summary = await mail_sink.wait_for(lambda mail: address("cci") in mail.recipients)
        assert "3 nouvelles inscriptions" in summary.subject
        assert "Nouvelles places prises\u202f: 2" in summary.text()
        await office.tell(event(registration("zaina", "confirmed", version=2)))
        clock.advance(timedelta(hours=2))
        await mail_sink.wait_for_count(5)
    assert len(mail_sink.mails_to(address("cci"))) == 1


async def test_a_full_meetup_is_told_to_its_organisers(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare()
    async with office.open():
        await office.tell(event(meetup(version=2), MEETUP_FILLED))
        await mail_sink.wait_for_count(2)
    assert {mail.recipients for mail in mail_sink.mails} == {(address("cci"),), (address("bpifrance"),)}
    assert mail_sink.mails[0].subject.startswith("Complet\u202f: Café IA de Mamoudzou")


async def test_who_was_erased_gets_no_more_mail(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina", "ali", "moana")
    await office.tell(event(registration("zaina", "held")), event(registration("ali", "held")))
    await office.tell(erased("zaina"))
    office.register.forget("ali")
    async with office.open():
        await office.tell(
            event(registration("moana", "held")),
            event(registration("moana", "cancelled", version=2, cancelled_by="erasure")),
        )
        await mail_sink.wait_for_count(1)
    assert [mail.recipients for mail in mail_sink.mails] == [(address("moana"),)]
    assert await office.statuses() == [
        ("confirm_address", "dropped", "recipient-erased"),
        ("confirm_address", "dropped", "recipient-erased"),
        ("confirm_address", "sent", None),
    ]
