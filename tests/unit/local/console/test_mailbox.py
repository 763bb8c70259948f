"""Mails are found and taken apart, whatever they are made of."""

from email.message import EmailMessage

from local.console import mailbox
from local.mail_sink import Mail, MailSink
from tests.fixtures import recorded_mails


def _mail(message: EmailMessage | bytes, to: str = "ada@example.org") -> Mail:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return MailSink().accept(sender="bonjour@rencontres.example", recipients=[to], raw=raw)


def test_a_mail_is_taken_apart() -> None:
    letter = mailbox.read(_mail(recorded_mails.confirmation("ada@example.org", "R-7K4QX-9M2TC")))
    assert "R-7K4QX-9M2TC" in letter.text
    assert letter.html.startswith("<!doctype html>")
    assert letter.calendar.startswith("BEGIN:VCALENDAR")
    assert letter.calendar_method == "REQUEST"
    assert letter.parts == ("text/plain", "text/html", "text/calendar")


def test_a_mail_in_a_charset_nobody_knows_is_shown_as_far_as_it_can_be() -> None:
    letter = mailbox.read(_mail(b"Content-Type: text/plain; charset=klingon\r\nSubject: x\r\n\r\nbonjour \xff\r\n"))
    assert letter.text.startswith("bonjour")


def test_what_is_no_mail_at_all_is_shown_too() -> None:
    assert mailbox.read(_mail(b"")).text == ""
    assert mailbox.read(_mail(b"\x00\xff garbage")).source


def test_the_excerpt_of_a_mail_without_text_comes_from_its_html() -> None:
    message = EmailMessage()
    message.set_content("<style>p{}</style><p>Bonjour &amp; bienvenue</p>", subtype="html")
    assert mailbox.excerpt(_mail(message)) == "Bonjour & bienvenue"


def test_mails_are_found_by_a_part_of_the_address_in_any_case_newest_first() -> None:
    sink = MailSink()
    for to in ("ada@example.org", "blaise@example.org", "Ada@Example.org"):
        sink.accept(sender="x", recipients=[to], raw=recorded_mails.plain(to).as_bytes())
    assert [mail.id for mail in mailbox.find(sink.mails, to=" ADA@")] == [3, 1]
    assert mailbox.find(sink.mails, subject="nouvelle", to="blaise")[0].id == 2
    assert mailbox.find(sink.mails, subject="annulation") == []
