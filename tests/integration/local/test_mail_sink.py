"""The mail sink keeps what is sent, counts doubles, and refuses as a mail server in trouble does."""

from email.message import EmailMessage

import aiosmtplib
import pytest

from local.mail_sink import KEPT_MAILS, Mail, MailSink, Refusal


async def test_a_mail_is_kept_and_parsed(mail_sink: MailSink) -> None:
    await _send(mail_sink, _mail(subject="Votre place est confirmée"))
    mail = await mail_sink.wait_for(lambda mail: "ada@example.org" in mail.recipients)
    assert mail.subject == "Votre place est confirmée"
    assert mail.message_id == "<1@example.org>"
    assert "Bonjour" in mail.text()
    assert mail_sink.mails_to("ADA@example.org") == [mail] == mail_sink.mails
    assert mail_sink.mail(mail.id) is mail


async def test_a_second_arrival_of_a_mail_is_counted(mail_sink: MailSink) -> None:
    for message_id in ("<1@example.org>", "<2@example.org>", "<1@example.org>"):
        await _send(mail_sink, _mail(message_id=message_id))
    await mail_sink.wait_for_count(3)
    assert mail_sink.duplicates() == {"<1@example.org>": 2}
    assert mail_sink.times_received("<2@example.org>") == 1


async def test_waiting_for_a_mail_that_does_not_come_ends(mail_sink: MailSink) -> None:
    with pytest.raises(TimeoutError):
        await mail_sink.wait_for(_never, seconds=0.01)


@pytest.mark.parametrize(("refusal", "code"), [(Refusal.SENDER, 451), (Refusal.CONNECTION, 421)])
async def test_while_it_refuses_nothing_is_kept_and_the_sender_is_told_to_try_again(
    mail_sink: MailSink, refusal: Refusal, code: int
) -> None:
    mail_sink.refusing = refusal
    with pytest.raises((aiosmtplib.SMTPException, aiosmtplib.SMTPResponseException)) as raised:
        await _send(mail_sink, _mail())
    assert str(code) in repr(raised.value)
    assert (mail_sink.received, mail_sink.refused) == (0, 1)
    mail_sink.refusing = None
    await _send(mail_sink, _mail())
    assert mail_sink.received == 1


async def test_a_stopped_sink_cuts_its_connections_and_keeps_its_mails(mail_sink: MailSink) -> None:
    client = aiosmtplib.SMTP(hostname=mail_sink.host, port=mail_sink.port)
    await client.connect()
    await client.send_message(_mail())
    await mail_sink.stop()
    with pytest.raises((aiosmtplib.SMTPException, OSError)):
        await client.send_message(_mail())
    await mail_sink.start()
    assert mail_sink.received == 1


async def test_the_mails_of_one_recipient_can_be_forgotten(mail_sink: MailSink) -> None:
    await _send(mail_sink, _mail(to="ada@example.org"))
    await _send(mail_sink, _mail(to="blaise@example.org"))
    assert mail_sink.forget("Ada@example.org") == 1
    assert [mail.recipients for mail in mail_sink.mails] == [("blaise@example.org",)]


def test_only_the_last_mails_are_kept_and_all_are_counted() -> None:
    sink = MailSink()
    for _ in range(KEPT_MAILS + 1):
        sink.accept(sender="", recipients=["ada@example.org"], raw=b"")
    assert len(sink.mails) == KEPT_MAILS
    assert sink.received == KEPT_MAILS + 1


def _never(mail: Mail) -> bool:
    return False


def _mail(
    *, to: str = "ada@example.org", subject: str = "Bonjour", message_id: str = "<1@example.org>"
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "cci@example.org", to, subject, message_id
    mail.set_content("Bonjour Ada")
    return mail


async def _send(sink: MailSink, mail: EmailMessage) -> None:
    await aiosmtplib.send(mail, hostname=sink.host, port=sink.port)
