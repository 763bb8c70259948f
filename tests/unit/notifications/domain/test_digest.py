"""Which event makes which mail, without any server."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.catalogue import (
    ATTENDANCE_CHECKED_IN,
    MEETUP_CANCELLED,
    MEETUP_FILLED,
    MEETUP_RESCHEDULED,
    MEETUP_UPDATED,
)
from contracts.envelope import Event
from contracts.registration import RegistrationStatus
from services.notifications.domain.copies import Copies, Standing
from services.notifications.domain.digest import digest
from services.notifications.domain.notices import Kind, Notice
from services.notifications.domain.owed import Digest
from tests.fixtures.calendar_vectors import SEQUENCES
from tests.fixtures.notifying import (
    CO,
    LEAD,
    NOW,
    PARTNER,
    TRACE,
    erased,
    event,
    links_requested,
    meetup,
    moved,
    named,
    organisation,
    registration,
)

QUIET = (event(meetup()), event(organisation(LEAD)), event(organisation(CO)))


def told(*events: Event, copies: Copies | None = None) -> Digest:
    """What a batch comes to once the meetup is known and its organisers want no mail."""
    copies = copies or Copies()
    digest(QUIET, copies, now=NOW)
    return digest(events, copies, now=NOW)


def kinds(notices: Sequence[Notice]) -> list[Kind]:
    return [notice.kind for notice in notices]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("held", Kind.CONFIRM_ADDRESS),
        ("waitlisted", Kind.WAITING_LIST),
        ("offered", Kind.SEAT_OFFERED),
        ("confirmed", Kind.SEAT_CONFIRMED),
        ("expired", Kind.REGISTRATION_EXPIRED),
        ("cancelled", Kind.REGISTRATION_CANCELLED),
    ],
)
def test_each_state_has_its_mail(status: RegistrationStatus, kind: Kind) -> None:
    (notice,) = told(event(registration("zaina", status))).notices
    assert notice.kind is kind
    assert (notice.recipient_kind, notice.recipient_id) == ("person", named("zaina"))
    assert notice.trace == TRACE


def test_a_mail_states_what_was_true_at_its_event() -> None:
    waiting = event(registration("zaina", "waitlisted", position=7))
    offered = event(registration("zaina", "offered", version=2))
    first, second = told(waiting, offered).notices
    assert first.facts.position == 7
    assert second.facts.expires_at == NOW + timedelta(hours=24)
    assert second.facts.was == "waitlisted"


def test_only_a_confirmed_seat_has_a_calendar_entry_to_take_back() -> None:
    plain = told(event(registration("zaina")), event(registration("zaina", "cancelled", version=2))).notices[-1]
    entered = told(event(registration("ali", "confirmed")), event(registration("ali", "cancelled", version=2))).notices[
        -1
    ]
    assert plain.facts.sequence is None
    assert entered.facts.sequence == 1


def test_a_cancellation_that_overtook_its_confirmation_takes_nothing_back() -> None:
    notices = told(
        event(registration("zaina", "held", version=1)),
        event(registration("zaina", "cancelled", version=3)),
        event(registration("zaina", "confirmed", version=2)),
    ).notices
    assert kinds(notices) == [Kind.CONFIRM_ADDRESS, Kind.REGISTRATION_CANCELLED]
    assert notices[-1].facts.sequence is None


def test_who_comes_back_gets_a_higher_sequence_than_the_cancellation() -> None:
    sequences = [
        notice.facts.sequence
        for notice in told(
            event(registration("zaina", "confirmed", version=1)),
            event(registration("zaina", "cancelled", version=2)),
            event(registration("zaina", "held", version=3)),
            event(registration("zaina", "confirmed", version=4)),
        ).notices
    ]
    assert sequences == [0, 1, None, 2]


def test_erasure_makes_no_mail() -> None:
    result = told(
        event(registration("zaina", "cancelled", cancelled_by="erasure")),
        erased("zaina"),
    )
    assert result.notices == []
    assert result.erased == {named("zaina")}


def test_attendance_makes_no_mail_but_its_version_counts() -> None:
    copies = Copies()
    notices = told(
        event(registration("zaina", "confirmed", version=1)),
        event(registration("zaina", "confirmed", version=2), ATTENDANCE_CHECKED_IN),
        event(registration("zaina", "confirmed", version=1)),
        copies=copies,
    ).notices
    assert kinds(notices) == [Kind.SEAT_CONFIRMED]
    assert copies.registrations[named("registration of zaina")].version == 2


def test_a_move_tells_the_confirmed_by_calendar_and_the_others_plainly() -> None:
    notices = told(
        event(registration("zaina", "confirmed")),
        event(registration("ali", "waitlisted", position=1)),
        event(registration("moana", "expired")),
        event(moved(meetup()), MEETUP_RESCHEDULED),
    ).notices[3:]
    assert [(n.recipient_id, n.facts.sequence) for n in notices] == [(named("zaina"), 1), (named("ali"), None)]
    previous = notices[0].facts.previous
    assert previous is not None
    assert previous.starts_local == meetup().starts_local


def test_a_typo_mended_tells_nobody() -> None:
    mended = meetup(version=2, title="Café IA à Mamoudzou")
    assert told(event(registration("zaina", "confirmed")), event(mended, MEETUP_UPDATED)).notices[1:] == []


def test_a_move_that_comes_with_a_later_event_is_not_missed() -> None:
    late = moved(meetup()).model_copy(update={"version": 3})
    notices = told(
        event(registration("zaina", "confirmed")),
        event(late, MEETUP_UPDATED),
        event(moved(meetup()), MEETUP_RESCHEDULED),
    ).notices
    assert kinds(notices) == [Kind.SEAT_CONFIRMED, Kind.MEETUP_MOVED]


def test_a_meetup_that_was_cancelled_is_not_moved() -> None:
    gone = moved(meetup()).model_copy(update={"status": "cancelled"})
    assert told(event(registration("zaina", "confirmed")), event(gone, MEETUP_CANCELLED)).notices[1:] == []


def request(who: str = "zaina", *, version: int = 1) -> Event:
    """Somebody asks to come where organisers approve."""
    return event(registration(who, "waitlisted", version=version, awaiting_approval=True))


def test_a_request_is_received_and_stands_in_no_line() -> None:
    copies = Copies()
    (notice,) = told(request(), copies=copies).notices
    assert (notice.kind, notice.facts.awaiting, notice.facts.position) == (Kind.REQUEST_RECEIVED, True, None)
    assert copies.standings[named("meetup")] == Standing()


def test_an_approval_with_a_free_seat_is_one_mail() -> None:
    approved = event(registration("zaina", "waitlisted", version=2, position=1))
    offered = event(registration("zaina", "offered", version=3))
    _, offer = told(request(), approved, offered).notices
    assert (offer.kind, offer.facts.approved) == (Kind.SEAT_OFFERED, True)
    _, offer = told(request(), offered).notices
    assert (offer.kind, offer.facts.approved) == (Kind.SEAT_OFFERED, True)


def test_an_approval_without_a_free_seat_says_the_rank() -> None:
    copies = Copies()
    approved = event(registration("zaina", "waitlisted", version=2, position=4))
    _, waiting = told(request(), approved, copies=copies).notices
    assert (waiting.kind, waiting.facts.approved, waiting.facts.position) == (Kind.WAITING_LIST, True, 4)
    assert copies.standings[named("meetup")] == Standing(waiting=1)


def test_a_refusal_is_known_for_one() -> None:
    refused = event(registration("zaina", "cancelled", version=2, cancelled_by="organiser"))
    _, notice = told(request(), refused).notices
    assert (notice.kind, notice.facts.awaiting, notice.facts.sequence) == (Kind.REGISTRATION_CANCELLED, True, None)


def test_an_offer_without_approval_is_no_approval() -> None:
    waiting = event(registration("zaina", "waitlisted", position=1))
    _, offer = told(waiting, event(registration("zaina", "offered", version=2))).notices
    assert offer.facts.approved is None


def test_organisers_hear_of_a_request_for_what_it_is() -> None:
    copies = Copies()
    told(event(organisation(LEAD, wish="each", version=2)), copies=copies)
    to_lead = next(n for n in told(request(), copies=copies).notices if n.recipient_id == LEAD)
    assert (to_lead.facts.awaiting, to_lead.facts.waiting) == (True, 0)


def test_a_change_from_the_room_to_the_screen_is_told_with_its_calendar_entry() -> None:
    room = event(registration("zaina", "confirmed", mode="onsite"))
    screen = event(registration("zaina", "confirmed", version=2, mode="online", calendar_changes=1))
    notices = told(room, screen).notices
    assert [(n.kind, n.facts.sequence) for n in notices] == [(Kind.SEAT_CONFIRMED, 0), (Kind.MODE_CHANGED, 1)]


def test_a_meetup_that_becomes_hybrid_changes_nobody_s_way_of_coming() -> None:
    before = event(registration("zaina", "confirmed"))
    after = event(registration("zaina", "confirmed", version=2, mode="onsite"))
    assert kinds(told(before, after).notices) == [Kind.SEAT_CONFIRMED]


def test_a_detail_corrected_makes_no_mail() -> None:
    corrected = event(registration("zaina", "confirmed", version=2, sector="btp"))
    assert kinds(told(event(registration("zaina", "confirmed")), corrected).notices) == [Kind.SEAT_CONFIRMED]


def test_the_sequences_of_a_life_are_those_of_the_contract() -> None:
    copies = Copies()
    sent: list[int] = []
    for version, (_, of_meetup, joining, own, status, expected) in enumerate(SEQUENCES, start=1):
        mode = "online" if (own or 0) % 2 else "onsite"
        life = (
            event(meetup(version=version, attendance_mode="hybrid", calendar_sequence=of_meetup, join_changes=joining)),
            event(registration("zaina", status, version=version, mode=mode, calendar_changes=own)),
        )
        sent += [n.facts.sequence for n in digest(life, copies, now=NOW).notices if n.facts.sequence is not None]
        assert copies.registrations[named("registration of zaina")].calendar_sequence == sent[-1] == expected


def test_another_address_for_joining_is_told_to_confirmed_seats_online_alone() -> None:
    copies = Copies()
    told(
        event(registration("screen", "confirmed", mode="online")),
        event(registration("room", "confirmed", mode="onsite")),
        event(registration("hopes", "waitlisted", mode="online", position=1)),
        event(registration("held", "held", mode="online")),
        copies=copies,
    )
    hybrid = meetup(version=2, attendance_mode="hybrid", calendar_sequence=1, join_changes=1)
    assert kinds(told(event(hybrid), copies=copies).notices) == [Kind.MEETUP_MOVED] * 4
    another = hybrid.model_copy(update={"version": 3, "join_changes": 2})
    (notice,) = told(event(another), copies=copies).notices
    assert (notice.kind, notice.recipient_id, notice.facts.sequence) == (Kind.JOIN_CHANGED, named("screen"), 3)
    cancelled = another.model_copy(update={"version": 4, "join_changes": 3, "status": "cancelled"})
    assert told(event(cancelled), copies=copies).notices == []


def test_links_are_asked_for_in_one_mail() -> None:
    (notice,) = told(links_requested("zaina", "zaina", "other", reason="registered_again", locale="en")).notices
    assert (notice.kind, notice.recipient_id, notice.registration_id) == (Kind.REGISTRATION_LINKS, named("zaina"), None)
    assert notice.facts.registration_ids == (named("registration of zaina"), named("registration of other"))
    assert (notice.facts.reason, notice.facts.locale) == ("registered_again", "en")


def test_organisers_hear_of_a_registration_at_its_first_event_only() -> None:
    copies = Copies()
    told(event(organisation(LEAD, wish="each", version=2)), copies=copies)
    notices = told(
        event(registration("zaina", "held")), event(registration("zaina", "confirmed", version=2)), copies=copies
    ).notices
    to_lead = [notice for notice in notices if notice.recipient_id == LEAD]
    assert kinds(to_lead) == [Kind.NEW_REGISTRATION]
    assert (to_lead[0].facts.taken, to_lead[0].facts.waiting, to_lead[0].facts.headcount) == (1, 0, "1-9")


def test_a_partner_is_no_organiser() -> None:
    copies = Copies()
    told(event(organisation(PARTNER, wish="each")), copies=copies)
    notices = told(event(registration("zaina")), event(meetup(version=2), MEETUP_FILLED), copies=copies).notices
    assert {n.recipient_id for n in notices} == {named("zaina"), LEAD, CO}


def test_an_organisation_not_heard_of_yet_reads_once_an_hour() -> None:
    copies = Copies()
    digest([event(meetup())], copies, now=NOW)
    result = digest([event(registration("zaina")), event(registration("ali"))], copies, now=NOW)
    assert kinds(result.notices).count(Kind.NEW_REGISTRATIONS) == 2
    assert result.tallies[LEAD, named("meetup")].seated == 2


def test_a_summary_is_due_at_the_next_hour_and_has_one_id_for_it() -> None:
    def summary_at(now: datetime, who: str) -> Notice:
        copies = Copies()
        digest([event(meetup())], copies, now=now)
        notices = digest([event(registration(who))], copies, now=now).notices
        return next(n for n in notices if n.recipient_id == LEAD)

    early, late, next_hour = (
        summary_at(NOW, "zaina"),
        summary_at(NOW.replace(minute=59), "ali"),
        summary_at(NOW + timedelta(hours=1), "moana"),
    )
    assert early.due_at == late.due_at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert early.event_id == late.event_id != next_hour.event_id


statuses = st.sampled_from(["held", "waitlisted", "offered", "confirmed", "cancelled", "expired"])
histories = st.lists(st.lists(statuses, min_size=1, max_size=6), min_size=1, max_size=4)


@given(histories, st.randoms(use_true_random=False))
def test_counts_and_sequences_hold_whatever_the_order_of_arrival(
    lives: list[list[RegistrationStatus]],
    shuffled: "st.random.Random",  # type: ignore[name-defined]
) -> None:
    events = [
        event(registration(f"p{person}", status, version=version))
        for person, life in enumerate(lives)
        for version, status in enumerate(life, start=1)
    ]
    shuffled.shuffle(events)
    copies = Copies()
    notices = told(*events, copies=copies).notices
    last = [life[-1] for life in lives]
    assert copies.standings[named("meetup")] == Standing(
        taken=sum(status in ("held", "offered", "confirmed") for status in last), waiting=last.count("waitlisted")
    )
    for person in range(len(lives)):
        sequences = [
            n.facts.sequence for n in notices if n.recipient_id == named(f"p{person}") and n.facts.sequence is not None
        ]
        assert sequences == list(range(len(sequences)))


def test_a_batch_split_anyhow_comes_to_the_same() -> None:
    events = [
        event(registration("zaina")),
        event(registration("ali", "waitlisted", position=1)),
        event(registration("zaina", "cancelled", version=2)),
        event(registration("ali", "offered", version=2)),
    ]
    whole = told(*events).notices
    copies = Copies()
    digest(QUIET, copies, now=NOW)
    parts = [notice for one in events for notice in digest([one], copies, now=NOW).notices]
    assert [replace(n, trace={}) for n in whole] == [replace(n, trace={}) for n in parts]
