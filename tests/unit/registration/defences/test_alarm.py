"""When refusals are an attack, and when it is over."""

from services.registration.defences.alarm import CALM, Alarm


def _networks(count: int, *, first: int = 0) -> list[bytes]:
    return [number.to_bytes(4) for number in range(first, first + count)]


def test_a_few_refused_networks_are_people_and_many_in_a_minute_an_attack() -> None:
    alarm = Alarm(threshold=5)
    noted = [alarm.note(network, now=100.0 + second) for second, network in enumerate(_networks(5))]
    assert noted == [False] * 4 + [True]
    assert alarm.raised(now=104.0)


def test_one_network_raises_none_however_often_it_is_refused() -> None:
    alarm = Alarm(threshold=2)
    assert not any(alarm.note(b"crawler", now=100.0 + n / 100) for n in range(5000))
    assert not alarm.raised(now=150.0)


def test_the_same_number_over_an_hour_is_none() -> None:
    alarm = Alarm(threshold=5)
    assert not any(alarm.note(network, now=60.0 * minute) for minute, network in enumerate(_networks(4 * 60)))


def test_the_minute_slides() -> None:
    alarm = Alarm(threshold=6)
    assert not any(alarm.note(network, now=119.0) for network in _networks(3))
    assert [alarm.note(network, now=121.0) for network in _networks(3, first=3)] == [False, False, True]
    late = Alarm(threshold=6)
    assert not any(late.note(network, now=119.0) for network in _networks(3))
    assert not any(late.note(network, now=179.0) for network in _networks(5, first=3))


def test_it_ends_once_nothing_was_refused_for_a_while_and_may_begin_anew() -> None:
    alarm = Alarm(threshold=1)
    assert alarm.note(b"a", now=100.0)
    assert not alarm.note(b"a", now=200.0)  # it goes on
    assert alarm.raised(now=200.0 + CALM - 1)
    assert not alarm.raised(now=200.0 + CALM)
    assert alarm.note(b"a", now=1000.0)


def test_it_remembers_no_more_networks_than_it_takes() -> None:
    alarm = Alarm(threshold=5)
    for network in _networks(1000):
        alarm.note(network, now=100.0)
    assert len(alarm._refused) == 5


def test_a_clock_that_is_set_back_does_not_keep_it_up_for_long() -> None:
    alarm = Alarm(threshold=1)
    alarm.note(b"a", now=100_000.0)
    assert not alarm.raised(now=100.0)
    two = Alarm(threshold=2)
    two.note(b"a", now=100_000.0)
    assert not two.note(b"b", now=100.0)
