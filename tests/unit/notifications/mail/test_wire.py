"""What goes over the wire, read back by the standard library's strict parser and by icalendar."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import strict
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.fact import Locale
from services.notifications.domain.notices import Facts, Kind
from services.notifications.mail.mailbox import Mailbox, UnsendableAddress
from services.notifications.mail.rendering import render
from tests.fixtures.calendar_parts import calendar_of
from tests.fixtures.letters import COMPOSER, JOIN_URL, letter
from tests.fixtures.notifying import address, meetup, named

EVERY_MAIL = pytest.mark.parametrize(("kind", "locale"), [(kind, locale) for kind in Kind for locale in ("fr", "en")])
WITH_CALENDAR = {
    Kind.SEAT_CONFIRMED: "REQUEST",
    Kind.MODE_CHANGED: "REQUEST",
    Kind.MEETUP_MOVED: "REQUEST",
    Kind.JOIN_CHANGED: "REQUEST",
    Kind.REGISTRATION_CANCELLED: "CANCEL",
}


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=strict)
    assert isinstance(mail, EmailMessage)
    assert not any(part.defects for part in mail.walk())
    return mail


@EVERY_MAIL
def test_every_mail_is_read_back_as_it_was_written(kind: Kind, locale: Locale) -> None:
    written = letter(kind, locale)
    words = render(written, COMPOSER.links)
    raw = COMPOSER.compose(written)
    mail = parsed(raw)
    assert mail["Subject"] == words.subject
    assert _content(mail, "plain") == words.text
    assert _content(mail, "html") == words.html
    assert mail["From"].addresses[0].addr_spec == "rencontres@rencontres.example"
    assert mail["To"].addresses[0].display_name == written.contact.name
    assert mail["Message-ID"] == "<0190a3c2-7b11-7c11-8c11-000000000001@rencontres.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == locale
    assert mail["Date"].datetime == written.written_at
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")


@EVERY_MAIL
def test_calendar_parts_go_with_the_mails_that_change_a_calendar(kind: Kind, locale: Locale) -> None:
    mail = parsed(COMPOSER.compose(letter(kind, locale)))
    types = [part.get_content_type() for part in mail.walk()]
    if kind not in WITH_CALENDAR:
        assert types == ["multipart/alternative", "text/plain", "text/html"]
        return
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    method, entry = calendar_of(mail)
    assert method == WITH_CALENDAR[kind]
    assert entry["UID"] == f"{named('registration of zaina')}@rencontres.example"
    assert entry.start.isoformat() == "2027-02-04T09:00:00+03:00"
    assert entry["ORGANIZER"] == "mailto:rencontres@rencontres.example"
    assert entry["ATTENDEE"] == f"mailto:{address('zaina')}"
    assert entry["ATTENDEE"].params["CN"] == "Zaïna Abdou"
    place = JOIN_URL if kind is Kind.JOIN_CHANGED else "CCI de Mayotte, Place Mariage, 97600 Mamoudzou"
    assert entry["LOCATION"] == place
    assert "s3cret" not in entry.to_ical().decode()


@pytest.mark.parametrize(("locale", "label"), [("fr", "Pour vous connecter"), ("en", "How to join")])
@pytest.mark.parametrize("mode", ["hybrid", "online"])
def test_a_seat_online_has_in_its_calendar_where_to_join(
    locale: Locale, label: str, mode: Literal["hybrid", "online"]
) -> None:
    about = meetup(attendance_mode=mode)
    mail = parsed(COMPOSER.compose(letter(Kind.SEAT_CONFIRMED, locale, about=about, mode="online", join_url=JOIN_URL)))
    _, entry = calendar_of(mail)
    assert entry["LOCATION"] == JOIN_URL
    assert JOIN_URL in str(entry["DESCRIPTION"])
    [conference] = entry.conferences
    assert (conference.uri, conference.label) == (JOIN_URL, label)
    assert "CONFERENCE;FEATURE=VIDEO;LABEL=" in entry.to_ical().decode().replace("\r\n ", "")
    assert "token" not in entry.to_ical().decode()


def test_a_calendar_of_every_zone_has_its_rules() -> None:
    for zone, offset in (("Europe/Paris", "+01:00"), ("Pacific/Marquesas", "-09:30"), ("America/Miquelon", "-03:00")):
        mail = parsed(COMPOSER.compose(letter(Kind.SEAT_CONFIRMED, about=meetup(timezone=zone))))
        assert calendar_of(mail)[1].start.isoformat() == f"2027-02-04T09:00:00{offset}"


def test_a_demo_seat_held_and_lost_has_nothing_to_take_back() -> None:
    plain = letter(Kind.REGISTRATION_CANCELLED, facts=Facts(was="held"))
    assert all(part.get_content_type() != "text/calendar" for part in parsed(COMPOSER.compose(plain)).walk())


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=200)


@given(names, names)
def test_no_name_breaks_out_of_a_header(name: str, title: str) -> None:
    mail = parsed(COMPOSER.compose(letter(Kind.SEAT_CONFIRMED, name=name, about=meetup(title=title))))
    assert mail["To"].addresses[0].addr_spec == address("zaina")
    assert len(mail["To"].addresses) == 1
    assert mail["Bcc"] is None
    assert calendar_of(mail)[1]["ATTENDEE"] == f"mailto:{address('zaina')}"


@pytest.mark.parametrize("name", ["Zaïna\r\nBcc: all@example.org", "=?utf-8?q?x?=", '", <evil@example.org>', "a" * 300])
def test_names_made_to_break_out_do_not(name: str) -> None:
    mail = parsed(COMPOSER.compose(letter(Kind.SEAT_CONFIRMED, name=name)))
    calendar_of(mail)
    assert [a.addr_spec for a in mail["To"].addresses] == [address("zaina")]
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@example.org", "a@example.org>\r\nBcc: b", "a@", "@b", 'a"b@c', "a@x..y"]
)
def test_what_is_no_address_is_not_written_to(email: str) -> None:
    with pytest.raises(UnsendableAddress):
        COMPOSER.compose(letter(Kind.CONFIRM_ADDRESS, email=email))


def test_a_domain_with_accents_travels_in_ascii() -> None:
    assert Mailbox("zaina@café.example").wire == "zaina@xn--caf-dma.example"


def _content(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
