"""From spans as the SDK sends them to the story of one registration."""

from chassis.telemetry import REFERENCE as REFERENCE_ATTRIBUTE
from local.console import story
from local.console.spans import SpanKey
from local.console.story import Chapter
from local.console.traces import TraceStore
from tests.fixtures import recorded_run as recorded
from tests.fixtures.recorded_run import RecordedRun

REFERENCE = "R-7K4QX-9M2TC"
HOUR = 3_600_000


def _names(chapter: Chapter, *, shared: bool) -> list[str]:
    return [told.span.name for told in chapter.told if told.shared is shared]


def _store(run: RecordedRun) -> TraceStore:
    store = TraceStore()
    store.add(run.decoded())
    return store


def test_a_batch_is_brought_into_the_trace_it_served_with_what_it_did_and_marked_shared() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE, others=36)
    (chapter,) = story.of_reference(_store(run), REFERENCE)
    assert chapter.opening.name == "POST /api/v1/meetups/{id}/registrations"
    assert "deliver mail" in _names(chapter, shared=False)
    assert _names(chapter, shared=True) == [
        "admit registrations", "lock_meetups", "add_people", "load_candidates", "write_admission",
        "send rencontres.events", "settle_published",
        "process rencontres.events", "first_time", "process rencontres.events", "add_deliveries", "project_registrations",
    ]  # fmt: skip
    assert {told.batch for told in chapter.told if told.shared} == {37}


def test_nothing_of_the_others_in_the_batch_is_told() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE, others=5)
    (chapter,) = story.of_reference(_store(run), REFERENCE)
    assert {told.span.reference for told in chapter.told} <= {"", REFERENCE}


def test_shared_work_stands_below_the_request_it_served() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    (chapter,) = story.of_reference(_store(run), REFERENCE)
    admission = next(told for told in chapter.told if told.span.name == "admit registrations")
    assert admission.below.span_id == chapter.opening.span_id


def test_each_visit_is_a_chapter_in_the_order_of_time() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_check_in(run, [REFERENCE, "R-OTHER-00001"], at=48 * HOUR)
    recorded.record_confirmation(run, REFERENCE, at=94_000)
    recorded.record_registration(run, REFERENCE)
    chapters = story.of_reference(_store(run), REFERENCE)
    assert [chapter.opening.name for chapter in chapters] == [
        "POST /api/v1/meetups/{id}/registrations",
        "POST /inscriptions/{reference}/confirmer",
        "POST /api/v1/meetups/{id}/check-ins",
    ]
    assert "check_in" in _names(chapters[2], shared=False)


def test_the_work_of_a_small_batch_is_told_to_those_whose_span_only_links_to_it() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_small_batch(run, REFERENCE, "R-FIRST-00001", at=0)
    store = _store(run)
    (second,) = story.of_reference(store, REFERENCE)
    assert _names(second, shared=False) == ["POST /inscriptions/{reference}/annuler", "process rencontres.events"]
    assert _names(second, shared=True) == ["add_deliveries"]
    assert second.told[-1].batch == 2
    (first,) = story.of_reference(store, "R-FIRST-00001")
    assert _names(first, shared=False)[-1] == "add_deliveries"
    assert _names(first, shared=True) == []


def test_forms_admitted_together_are_each_told_with_the_work_and_without_the_others() -> None:
    run = RecordedRun(start=recorded.DAY)
    references = ["R-FIRST-00001", REFERENCE, "R-THIRD-00003"]
    recorded.record_small_admission(run, references, at=0)
    store = _store(run)
    for reference in references:
        (chapter,) = story.of_reference(store, reference)
        assert [told.span.name for told in chapter.told] == [
            "POST /rencontres/{slug}",
            "admit batch",
            "lock_meetups",
        ]
        assert {told.span.reference for told in chapter.told} == {"", reference}
        (admission,) = (told for told in chapter.told if told.span.name == "admit batch")
        (work,) = (told for told in chapter.told if told.span.name == "lock_meetups")
        assert work.below.span_id == admission.span.span_id
        assert work.batch == (0 if reference == references[0] else 3)


def test_a_sweep_that_names_several_is_a_chapter_of_each() -> None:
    run = RecordedRun(start=recorded.DAY)
    sweep = run.span(
        "registration worker", "expire", 0, 9, attributes={REFERENCE_ATTRIBUTE: [REFERENCE, "R-OTHER-00001"]}
    )
    run.query("registration worker", "expire_registrations", 2, 5, below=sweep)
    mine = run.span("registration relay", "send", 10, 1, below=sweep, attributes={REFERENCE_ATTRIBUTE: REFERENCE})
    other = {REFERENCE_ATTRIBUTE: "R-OTHER-00001"}
    run.span("registration relay", "send", 10, 1, below=sweep, links=[mine], attributes=other)
    run.query("registration relay", "settle_published", 10.5, 0.2, below=mine)
    store = _store(run)
    for reference in (REFERENCE, "R-OTHER-00001"):
        (chapter,) = story.of_reference(store, reference)
        assert [told.span.name for told in chapter.told] == [
            "expire",
            "expire_registrations",
            "send",
            "settle_published",
        ]


def test_a_trace_of_its_own_that_names_the_registration_and_follows_another_is_no_chapter() -> None:
    run = RecordedRun(start=recorded.DAY)
    form = recorded.record_registration(run, REFERENCE, others=1)
    expiry = run.span(
        "registration worker", "expire holds", 48 * HOUR, 5, links=[form], attributes={REFERENCE_ATTRIBUTE: REFERENCE}
    )
    run.span("registration relay", "send rencontres.events", 48 * HOUR + 9, 2, links=[expiry])
    (chapter,) = story.of_reference(_store(run), REFERENCE)
    assert [told.span.name for told in chapter.told][-2:] == ["expire holds", "send rencontres.events"]


def test_traces_that_link_to_each_other_are_told_all_the_same() -> None:
    run = RecordedRun(start=recorded.DAY)
    about = {REFERENCE_ATTRIBUTE: REFERENCE}
    first = run.span("registration api", "one", 0, 1, attributes=about)
    run.span("registration api", "two", 2, 1, links=[first], attributes=about)
    spans = run.decoded()
    one, two = sorted(spans, key=lambda span: span.name)
    one.links = (SpanKey(two.trace_id, two.span_id),)
    store = TraceStore()
    store.add(spans)
    told = {t.span.name for chapter in story.of_reference(store, REFERENCE) for t in chapter.told}
    assert told == {"one", "two"}


def test_parents_in_a_circle_end() -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_page_view(run, REFERENCE, at=0)
    spans = run.decoded()
    spans[0].parent_id, spans[1].parent_id = spans[1].span_id, spans[0].span_id
    store = TraceStore()
    store.add(spans)
    (chapter,) = story.of_reference(store, REFERENCE)
    assert len(chapter.told) == 2


def test_a_trace_is_told_alone_with_the_batches_that_served_it() -> None:
    run = RecordedRun(start=recorded.DAY)
    form = recorded.record_registration(run, REFERENCE)
    store = _store(run)
    chapter = story.of_trace(store, f"{form.get_span_context().trace_id:032x}")
    assert chapter is not None
    assert "admit registrations" in _names(chapter, shared=True)
    assert story.of_trace(store, "0" * 32) is None
    assert story.of_reference(store, "R-00000-00000") == []
