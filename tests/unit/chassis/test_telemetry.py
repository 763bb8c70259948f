"""Trace contexts as stored with events, links, and what an exception may tell a collector."""

import pytest
from opentelemetry import trace
from opentelemetry.trace import TraceFlags

from chassis import telemetry
from chassis.otlp import discreet
from tests.fixtures.telemetry import Spans

_TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def _carrier(span: int, *, sampled: bool = True) -> dict[str, str]:
    return {"traceparent": f"00-{_TRACE_ID}-{span:016x}-{'01' if sampled else '00'}"}


def test_the_current_span_is_stored_as_a_traceparent_and_comes_back_as_the_same_context(spans: Spans) -> None:
    with telemetry.tracer("test").start_as_current_span("request") as span:
        carrier = telemetry.current_trace()
        here = span.get_span_context()

    remote = trace.get_current_span(telemetry.context_of(carrier)).get_span_context()

    assert set(carrier) == {"traceparent"}
    assert (remote.trace_id, remote.span_id, remote.is_remote) == (here.trace_id, here.span_id, True)


def test_outside_a_span_there_is_nothing_to_store() -> None:
    assert telemetry.current_trace() == {}


@pytest.mark.parametrize("carrier", [{}, {"traceparent": "rubbish"}, {"traceparent": "00-0-0-01"}, {"other": "x"}])
def test_a_missing_or_malformed_traceparent_gives_an_empty_context(carrier: dict[str, str]) -> None:
    assert not trace.get_current_span(telemetry.context_of(carrier)).get_span_context().is_valid


def test_a_context_never_takes_over_the_span_around_it(spans: Spans) -> None:
    with telemetry.tracer("test").start_as_current_span("batch"):
        assert not trace.get_current_span(telemetry.context_of({})).get_span_context().is_valid


def test_links_go_to_distinct_sampled_spans_only() -> None:
    carriers = [_carrier(1), _carrier(2, sampled=False), {}, _carrier(1), _carrier(3), {"traceparent": "rubbish"}]

    links = telemetry.links_to(carriers)

    assert [link.context.span_id for link in links] == [1, 3]
    assert all(link.context.trace_flags & TraceFlags.SAMPLED for link in links)


def test_no_more_links_are_made_than_the_sdk_keeps() -> None:
    assert len(telemetry.links_to(_carrier(number) for number in range(1, 500))) == 128
    assert len(telemetry.links_to((_carrier(number) for number in range(1, 500)), cap=3)) == 3


def test_an_exception_leaves_its_type_and_frames_but_not_what_it_said(spans: Spans) -> None:
    with pytest.raises(ValueError, match="Camille"), telemetry.tracer("test").start_as_current_span("work"):
        raise ValueError("Key (email)=(camille.durand@example.org)\n  already exists, says Camille Durand")

    told = discreet(spans.one("work"))
    text = told.to_json()

    assert "Camille" not in text
    assert "camille" not in text
    assert told.events[0].attributes is not None
    assert told.events[0].attributes["exception.type"] == "ValueError"
    assert "test_telemetry.py" in str(told.events[0].attributes["exception.stacktrace"])
    assert told.status.status_code is trace.StatusCode.ERROR


def test_a_span_without_exception_is_passed_on_as_it_is(spans: Spans) -> None:
    with telemetry.tracer("test").start_as_current_span("work", attributes={telemetry.REFERENCE: "R-1"}):
        pass

    span = spans.one("work")

    assert discreet(span) is span
