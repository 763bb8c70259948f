"""What the processes report is judged in words."""

from local.console.gauges import read_gauges
from local.console.levels import Level
from local.console.prometheus_text import Sample


def _sample(name: str, value: float, consumer: str = "") -> Sample:
    return Sample(f"rencontres_{name}", {"consumer": consumer} if consumer else {}, value)


def test_what_nobody_reports_is_said_to_be_unreported_and_alarms_nobody() -> None:
    gauges = read_gauges([])
    assert {signal.words for signal in gauges.signals} == {"not reported"}
    assert gauges.level is Level.UNKNOWN


def test_one_seat_oversold_is_trouble() -> None:
    gauges = read_gauges([_sample("seats_oversold", 1)])
    assert gauges.signals[0].level is Level.TROUBLE
    assert gauges.level is Level.TROUBLE


def test_the_same_thing_seen_by_two_processes_is_counted_once() -> None:
    gauges = read_gauges([_sample("outbox_rows", 3), _sample("outbox_rows", 5)])
    assert next(s for s in gauges.signals if s.name == "Outbox").value == 5


def test_lag_and_dead_letters_stand_beside_each_other_by_consumer() -> None:
    gauges = read_gauges(
        [
            _sample("consumer_lag_messages", 12, "mails"),
            _sample("dead_letters_messages", 2, "mails"),
            _sample("consumer_lag_messages", 5_000, "report"),
        ]
    )
    mails, report = gauges.consumers
    assert (mails.lag, mails.dead_letters, mails.words, mails.level) == (12, 2, "has dead letters", Level.TROUBLE)
    assert (report.dead_letters, report.words, report.level) == (None, "is behind", Level.ATTENTION)
    assert next(s for s in gauges.signals if s.name == "Consumer lag").value == 5_012
