"""Exemplars at `/metrics`: from a bucket of a histogram to the trace of one request that fell into it.

OpenTelemetry's reader for Prometheus leaves them out (opentelemetry-exporter-prometheus 0.66b1). They are made only when
`OTEL_METRICS_EXEMPLAR_FILTER` asks for them, and told only to who asks for OpenMetrics: the older text format has no place for them.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics.export import Histogram, HistogramDataPoint, Metric, MetricsData
from opentelemetry.util.types import AttributeValue
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric as Family
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.samples import Exemplar, Sample

OPENMETRICS = "application/openmetrics-text"
CONTENT_TYPE = f"{OPENMETRICS}; version=1.0.0; charset=utf-8"

Bucket = tuple[str, frozenset[tuple[str, str]]]
"""The name of a histogram and the labels of one of its buckets, the empty ones left out."""


class ExemplarReader(PrometheusMetricReader):
    """OpenTelemetry's reader; it remembers the exemplars of what it read last."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry=registry, scope_info_enabled=False)
        self.families = registry
        self.exemplars: dict[Bucket, Exemplar] = {}

    def _receive_metrics(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **_: object) -> None:
        self.exemplars = dict(_exemplars(metrics_data))
        super()._receive_metrics(metrics_data, timeout_millis)


def openmetrics_text(reader: ExemplarReader) -> bytes:
    """All metrics of the process in the OpenMetrics format, with exemplars where there are some."""
    families = list(reader.families.collect())
    text: bytes = generate_latest(_Read([_with_exemplars(family, reader.exemplars) for family in families]))  # type: ignore[no-untyped-call]
    return text


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read, in the shape of a registry: it is all that the writer asks for."""

    families: list[Family]

    def collect(self) -> Iterable[Family]:
        return self.families


def _with_exemplars(family: Family, exemplars: Mapping[Bucket, Exemplar]) -> Family:
    if family.type == "histogram" and exemplars:
        name = family.name.removesuffix(f"_{family.unit}") if family.unit else family.name
        family.samples = [_with_exemplar(sample, name, exemplars) for sample in family.samples]
    return family


def _with_exemplar(sample: Sample, name: str, exemplars: Mapping[Bucket, Exemplar]) -> Sample:
    if not sample.name.endswith("_bucket"):
        return sample
    labels = frozenset((label, value) for label, value in sample.labels.items() if value)
    return sample._replace(exemplar=exemplars.get((name, labels)))


def _exemplars(data: MetricsData) -> Iterator[tuple[Bucket, Exemplar]]:
    for resource in data.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                if isinstance(metric.data, Histogram):
                    yield from _of_histogram(metric, metric.data)


def _of_histogram(metric: Metric, histogram: Histogram) -> Iterator[tuple[Bucket, Exemplar]]:
    name = _plain(metric.name)
    for point in histogram.data_points:
        labels = [(_plain(key), _text(value)) for key, value in (point.attributes or {}).items()]
        for exemplar in point.exemplars:
            if exemplar.trace_id is not None and exemplar.span_id is not None:
                bucket = (name, frozenset([*labels, ("le", _upper_bound(point, exemplar.value))]))
                ids = {"trace_id": f"{exemplar.trace_id:032x}", "span_id": f"{exemplar.span_id:016x}"}
                yield bucket, Exemplar(ids, exemplar.value, exemplar.time_unix_nano / 1e9)


def _upper_bound(point: HistogramDataPoint, value: float) -> str:
    index = bisect_left(point.explicit_bounds, value)
    return f"{point.explicit_bounds[index]}" if index < len(point.explicit_bounds) else "+Inf"


def _plain(name: str) -> str:
    return name.replace(".", "_")


def _text(value: AttributeValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
