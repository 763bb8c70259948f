"""Links found again: one mail to the address they belong to, with a fresh link for each registration, and to nobody else."""

import re

from contracts.catalogue import MEETUP_PUBLISHED
from local.mail_sink import MailSink
from tests.fixtures.notifying import address, erased, event, links_requested, meetup, named, registration
from tests.fixtures.post_office import PostOffice


async def _two_registrations(office: PostOffice) -> None:
    """Zaïna has a seat in one meetup and a request in another."""
    await office.prepare("zaina", "ali")
    other = meetup(meetup_id=named("another meetup"), title="Atelier IA", slug="atelier-ia")
    await office.tell(
        event(other, MEETUP_PUBLISHED),
        event(registration("zaina", "confirmed")),
        event(
            registration(
                "zaina",
                "waitlisted",
                registration_id=named("registration of other"),
                reference="REF-OTHER",
                meetup_id=named("another meetup"),
                awaiting_approval=True,
            )
        ),
        event(registration("ali", "confirmed")),
    )
    async with office.open():
        await office.until_nothing_is_due()


async def test_one_mail_lists_each_registration_with_its_own_fresh_link(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await _two_registrations(office)
    asked = office.register.asked
    async with office.open():
        await office.tell(links_requested("zaina", "zaina", "other"))
        mail = await mail_sink.wait_for(lambda mail: mail.subject == "Vos 2 inscriptions")
    assert mail.recipients == (address("zaina"),)
    links = re.findall(r"https://rencontres.example/inscriptions/(REF-\w+)\?token=(token-\d+)", mail.text())
    assert {reference for reference, _ in links} == {"REF-OTHER", "REF-ZAINA"}
    assert len({token for _, token in links}) == 2
    assert "place confirmée" in mail.text()
    assert "demande à l’étude" in mail.text()
    assert office.register.asked == asked + 1
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["List-Unsubscribe"] is None


async def test_a_second_registration_is_told_by_mail_in_the_language_of_the_form(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await _two_registrations(office)
    async with office.open():
        await office.tell(links_requested("zaina", reason="registered_again", locale="en"))
        mail = await mail_sink.wait_for(lambda mail: mail.subject.startswith("You are registered already"))
    assert mail.message["Content-Language"] == "en"
    assert "Nothing has changed" in mail.text()


async def test_a_registration_that_is_not_theirs_is_left_out(office: PostOffice, mail_sink: MailSink) -> None:
    await _two_registrations(office)
    office.register.disown("registration of ali")
    async with office.open():
        await office.tell(links_requested("zaina", "zaina", "ali"))
        mail = await mail_sink.wait_for(lambda mail: mail.subject.startswith("Votre inscription"))
    assert "REF-ALI" not in mail.text()


async def test_nobody_there_any_more_gets_nothing(office: PostOffice, mail_sink: MailSink) -> None:
    await _two_registrations(office)
    before = mail_sink.received
    await office.tell(links_requested("zaina"))
    await office.tell(erased("zaina"))
    office.register.forget("ali")
    await office.tell(links_requested("ali"))
    async with office.open():
        await office.until_nothing_is_due()
    assert mail_sink.received == before
    assert [s for s in await office.statuses() if s[0] == "registration_links"] == [
        ("registration_links", "dropped", "recipient-erased")
    ] * 2
