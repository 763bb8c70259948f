"""The store stays within its bounds, says what it let go, and its indexes never point at what is gone."""

from hypothesis import given
from hypothesis import strategies as st

from local.console.spans import Emitter, Span, SpanKey
from local.console.traces import Bounds, TraceStore

EMITTER = Emitter("registration", "api")


def span(
    trace_id: str, span_id: str = "a", *, reference: str = "", links: tuple[SpanKey, ...] = (), at: int = 0
) -> Span:
    return Span(
        trace_id=trace_id, span_id=span_id, parent_id="", name="x", kind=1, start=at, end=at + 1, failed=False,
        emitter=EMITTER, links=links, reference=reference, references=(), wire=b"0123456789",
    )  # fmt: skip


def test_a_span_that_arrives_twice_is_kept_once() -> None:
    store = TraceStore()
    store.add([span("t"), span("t")])
    assert (store.span_count, store.counts.received) == (1, 2)


def test_the_least_recently_touched_trace_goes_first_and_is_counted() -> None:
    store = TraceStore(Bounds(traces=2))
    store.add([span("one"), span("two"), span("one", "b"), span("three")])
    assert [trace.trace_id for trace in store.recent()] == ["three", "one"]
    assert store.counts.dropped == 1


def test_one_endless_trace_does_not_push_the_others_out() -> None:
    store = TraceStore(Bounds(spans=10, spans_of_one_trace=5))
    store.add([span("other")])
    store.add([span("endless", str(n)) for n in range(50)])
    assert store.get("other") is not None
    assert (store.span_count, store.counts.dropped) == (6, 45)


def test_bytes_are_bounded_too() -> None:
    store = TraceStore(Bounds(wire_bytes=25))
    store.add([span("one"), span("two"), span("three")])
    assert len(store) == 2


def test_traces_are_found_by_reference_earliest_first() -> None:
    store = TraceStore()
    store.add([span("later", reference="R", at=9), span("early", reference="R", at=1), span("not", reference="S")])
    assert [trace.trace_id for trace in store.naming("R")] == ["early", "later"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"),
            st.sampled_from("12345"),
            st.sampled_from(["", "R", "S"]),
            st.sampled_from("abcdef"),
        ),
        max_size=60,
    ),
    st.integers(1, 4),
)
def test_what_the_indexes_point_at_is_there(arrivals: list[tuple[str, str, str, str]], room: int) -> None:
    store = TraceStore(Bounds(traces=room))
    for trace_id, span_id, reference, target in arrivals:
        store.add([span(trace_id, span_id, reference=reference, links=(SpanKey(target, "1"),))])
    kept = {trace.trace_id: trace for trace in store.recent()}
    assert len(kept) <= room
    assert store.span_count == sum(len(trace.spans) for trace in kept.values())
    assert store.counts.dropped <= store.counts.received
    for reference in "RS":
        named = {t.trace_id for t in kept.values() if any(s.reference == reference for s in t.spans.values())}
        assert {trace.trace_id for trace in store.naming(reference)} == named
    for target in "abcdef":
        linking = {(s.trace_id, s.span_id) for s in store.linking(target)}
        assert linking == {
            (s.trace_id, s.span_id)
            for t in kept.values() for s in t.spans.values()
            if t.trace_id != target and any(link.trace_id == target for link in s.links)
        }  # fmt: skip
