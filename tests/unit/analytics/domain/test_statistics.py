"""What follows from the figures."""

from services.analytics.domain.statistics import Figures


def test_a_seat_is_taken_once_held_offered_or_confirmed() -> None:
    assert Figures(held=2, offered=3, confirmed=5, waiting=7, cancelled=11).seats_taken == 10


def test_no_rate_is_given_before_a_meetup_has_ended() -> None:
    assert Figures(confirmed=10, attended=0).no_show_rate is None


def test_the_no_show_rate_is_taken_of_those_expected() -> None:
    assert Figures(confirmed=100, expected=40, no_show=10).no_show_rate == 0.25
