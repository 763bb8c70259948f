"""A chapter becomes bars that can be read."""

from local.console import story, waterfall
from local.console.story import Chapter
from local.console.traces import TraceStore
from tests.fixtures import recorded_run as recorded
from tests.fixtures.recorded_run import RecordedRun

REFERENCE = "R-7K4QX-9M2TC"


def _chapter(run: RecordedRun) -> Chapter:
    store = TraceStore()
    store.add(run.decoded())
    (chapter,) = story.of_reference(store, REFERENCE)
    return chapter


def test_a_retry_after_a_silence_gets_a_scale_of_its_own() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_confirmation(run, REFERENCE, at=0)
    first, retry = waterfall.draw(_chapter(run))
    assert first.silence == 0
    assert retry.silence == (4_210 - 48) * recorded.MS
    assert retry.length == 26 * recorded.MS
    assert [row.depth for row in retry.rows] == [0, 1, 1, 1]


def test_bars_stay_within_the_drawing_and_none_vanishes() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    for stretch in waterfall.draw(_chapter(run)):
        for row in stretch.rows:
            assert row.width >= 1
            assert 0 <= row.x <= row.x + row.width <= waterfall.WIDTH


def test_hops_are_said_in_plain_words_once_for_those_below() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    (stretch,) = waterfall.draw(_chapter(run))
    assert [(row.words, row.repeats) for row in stretch.rows][:4] == [
        ("POST /api/v1/meetups/{id}/registrations answered 201", False),
        ("wait for admission", True),
        ("admit registrations", False),
        ("Database: lock meetups", True),
    ]
    assert "Published 37 messages to rencontres.events" in [row.words for row in stretch.rows]


def test_a_trace_that_never_ends_is_cut_off() -> None:
    run = RecordedRun(start=recorded.DAY)
    form = recorded.record_page_view(run, REFERENCE, at=0)
    for n in range(waterfall.ROWS):
        run.query("registration api", "again", n, 1, below=form)
    stretches = waterfall.draw(_chapter(run))
    assert sum(len(stretch.rows) for stretch in stretches) == waterfall.ROWS
