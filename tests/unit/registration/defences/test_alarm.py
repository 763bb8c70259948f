"""When refusals are an attack, and when it is over."""

from services.registration.defences.alarm import CALM, Alarm


def test_a_few_refusals_are_people_and_many_in_a_minute_an_attack() -> None:
    alarm = Alarm(threshold=5)
    assert [alarm.note(now=100.0 + second) for second in range(5)] == [False] * 4 + [True]
    assert alarm.raised(now=104.0)


def test_the_same_number_over_an_hour_is_none() -> None:
    alarm = Alarm(threshold=5)
    assert not any(alarm.note(now=60.0 * minute) for minute in range(4 * 60))


def test_the_minute_slides() -> None:
    alarm = Alarm(threshold=6)
    assert not any(alarm.note(now=119.0) for _ in range(3))
    assert [alarm.note(now=121.0) for _ in range(4)] == [False, False, False, True]


def test_it_ends_once_nothing_was_refused_for_a_while_and_may_begin_anew() -> None:
    alarm = Alarm(threshold=1)
    assert alarm.note(now=100.0)
    assert not alarm.note(now=200.0)  # it goes on
    assert alarm.raised(now=200.0 + CALM - 1)
    assert not alarm.raised(now=200.0 + CALM)
    assert alarm.note(now=1000.0)


def test_a_clock_that_is_set_back_does_not_keep_it_up_for_long() -> None:
    alarm = Alarm(threshold=1)
    alarm.note(now=100_000.0)
    assert not alarm.raised(now=100.0)
