"""How long an answer takes tells nothing about who is registered."""

from services.registration.pacing import Pace


def test_a_batch_that_only_pretends_takes_as_long_as_one_that_registered() -> None:
    pace = Pace()
    assert pace.wait(took=0.024, registered=True, pretended=False) == 0.0
    assert abs(pace.wait(took=0.018, registered=False, pretended=True) - 0.006) < 1e-9


def test_where_pretending_takes_longer_anyway_nothing_is_held_back() -> None:
    pace = Pace()
    pace.wait(took=0.01, registered=True, pretended=False)
    assert pace.wait(took=0.02, registered=False, pretended=True) == 0.0


def test_one_that_happened_to_be_slow_stays_as_much_slower_as_it_was() -> None:
    pace = Pace()
    for _ in range(9):
        pace.wait(took=0.024, registered=True, pretended=False)
        pace.wait(took=0.018, registered=False, pretended=True)
    assert abs(pace.wait(took=0.1, registered=False, pretended=True) - 0.006) < 1e-9


def test_batches_with_a_registration_in_them_and_refusals_are_never_held_back() -> None:
    pace = Pace()
    pace.wait(took=1.0, registered=True, pretended=False)
    assert pace.wait(took=0.01, registered=True, pretended=True) == 0.0
    assert pace.wait(took=0.01, registered=False, pretended=False) == 0.0


def test_only_what_was_measured_lately_counts() -> None:
    pace = Pace()
    pace.wait(took=9.0, registered=True, pretended=False)
    for _ in range(64):
        pace.wait(took=0.02, registered=True, pretended=False)
    assert all(pace.wait(took=0.0, registered=False, pretended=True) <= 0.02 for _ in range(100))
