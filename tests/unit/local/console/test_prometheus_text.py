"""Metrics of our processes are read from their text format."""

from local.console.prometheus_text import Sample, samples

TEXT = """# HELP rencontres_outbox_age_seconds Age.
# TYPE rencontres_outbox_age_seconds gauge
rencontres_outbox_age_seconds 0.5
rencontres_consumer_lag_messages{consumer="mails \\"b\\"",otel_scope_name=""} 1.2e+03 1700000000
rencontres_broken{x="1" 3
rencontres_nothing NaN
python_gc_objects_collected_total 3.0
"""


def test_values_and_labels_are_read_and_the_rest_passed_over() -> None:
    assert list(samples(TEXT, prefix="rencontres_")) == [
        Sample("rencontres_outbox_age_seconds", {}, 0.5),
        Sample("rencontres_consumer_lag_messages", {"consumer": 'mails "b"', "otel_scope_name": ""}, 1200.0),
    ]
