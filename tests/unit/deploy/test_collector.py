"""The Collector's configuration, as far as it can be read without the Collector: wired, in order, and fenced.

Not run here, since no package registry offers the binary: `otelcol-contrib validate --config deploy/otel/collector.yaml`.
"""

import json
import re
import traceback
from collections.abc import Sequence

import pytest
from pydantic import BaseModel, EmailStr

from chassis import telemetry
from tests.unit.deploy.collector_configuration import configuration, redaction
from tests.unit.deploy.observability import DEPLOY, ROOT


def test_pipelines_use_what_is_defined_and_all_that_is_defined_is_used() -> None:
    collector = configuration()
    pipelines = collector.service.pipelines.values()

    assert {name for pipeline in pipelines for name in pipeline.receivers} == set(collector.receivers)
    assert {name for pipeline in pipelines for name in pipeline.processors} == set(collector.processors)
    assert {name for pipeline in pipelines for name in pipeline.exporters} == set(collector.exporters)
    assert set(collector.service.extensions) == set(collector.extensions)


def test_nothing_but_traces_passes_through_it() -> None:
    assert configuration().service.pipelines.keys() == {"traces"}


def test_memory_is_limited_first_the_fence_stands_before_any_exit_and_batches_are_made_last() -> None:
    processors = configuration().service.pipelines["traces"].processors

    assert processors[0] == "memory_limiter"
    assert processors[-1] == "batch"
    assert "redaction/traces" in processors
    assert redaction().allow_all_keys is False


def test_what_redaction_does_not_reach_is_transformed_before_traces_are_kept_for_sampling() -> None:
    processors = configuration().service.pipelines["traces"].processors

    assert (
        processors.index("transform/discretion")
        < processors.index("redaction/traces")
        < processors.index("tail_sampling")
    )
    statements = str(configuration().processors["transform/discretion"])
    assert 'set(status.message, "")' in statements
    assert 'keep_keys(attributes, ["exception.type", "exception.stacktrace"])' in statements


def test_errors_slow_traces_registrations_and_a_share_of_the_rest_are_kept() -> None:
    policies = configuration().processors["tail_sampling"]["policies"]
    assert isinstance(policies, list)
    by_name = {policy["name"]: policy for policy in policies}

    assert by_name["errors"]["status_code"]["status_codes"] == ["ERROR"]
    assert by_name["slow"]["latency"]["threshold_ms"] == 1000
    asked = " ".join(by_name["registrations"]["ottl_condition"]["span"])
    assert f'"{telemetry.REFERENCE}"' in asked
    assert f'"{telemetry.REFERENCES}"' in asked
    assert 0 < by_name["a-share-of-the-rest"]["probabilistic"]["sampling_percentage"] < 100


def test_every_attribute_that_spans_of_ours_carry_may_pass() -> None:
    allowed = set(redaction().allowed_keys)

    assert _attributes_in_code() - allowed == set()


def test_no_name_passes_that_nothing_of_ours_carries() -> None:
    allowed = set(redaction().allowed_keys)
    by_the_sdk = {key for key in allowed if key.startswith(("telemetry.sdk.", "exception."))}
    by_the_deployment = {"deployment.environment.name", "k8s.namespace.name", "k8s.pod.name"}

    assert allowed - _attributes_in_code() == by_the_sdk | by_the_deployment


@pytest.mark.parametrize(
    "value",
    [
        "camille.durand@example.org",
        "Key (email)=(camille@example.org) already exists",
        "mailto:a@b.fr",
        "+33 6 12 34 56 78",
        "+262692123456",
        "06 12 34 56 78",
        "postgresql://registration:secret@database:5432/registration",
    ],
)
def test_a_value_that_looks_like_an_address_a_telephone_or_a_password_is_masked(value: str) -> None:
    assert _masked(value)


@pytest.mark.parametrize(
    "value",
    [
        "RGST-4K7Q-93XM",
        "POST /api/v1/meetups/{meetup_id}/registrations",
        "0198f0d2-7c1e-7aa3-9b1e-2f6f0d0c1a55",
        "fr.rencontres.registration.confirmed.v1",
        "rencontres.events",
        "2026-11-23T08:00:00Z",
        'File "services/registration/admission.py", line 99, in _admit',
    ],
)
def test_what_operators_need_is_left_as_it_is(value: str) -> None:
    assert not _masked(value)


class _Attendee(BaseModel):
    email: EmailStr


def _refuse_a_row() -> None:
    """As psycopg does it: what the database said, over several lines."""
    try:
        _Attendee(email="camille durand")
    except ValueError as error:
        raise RuntimeError(
            'duplicate key value violates unique constraint "people"\nDETAIL:  Key (name)=(Durand) exists.\n    Durand'
        ) from error


def test_of_a_stack_trace_the_frames_stay_and_nothing_that_an_error_said() -> None:
    with pytest.raises(RuntimeError) as refused:
        _refuse_a_row()
    error, cause = refused.value, refused.value.__cause__
    assert cause
    whole = "".join(traceback.format_exception(error))
    chain = [*traceback.extract_tb(error.__traceback__), *traceback.extract_tb(cause.__traceback__)]
    assert "camille" in whole
    assert "\n    Durand" in whole

    kept = _without_what_was_said(whole)

    frames = {f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in chain}
    assert set(kept.splitlines()) == frames
    assert _without_what_was_said(kept) == kept
    assert _without_what_was_said(kept.removesuffix("\n")) == kept.removesuffix("\n")  # as `chassis.otlp` sends it


def _without_what_was_said(stack: str) -> str:
    """As the Collector does, by the statement as it stands; the dialects of the two agree on what it uses."""
    groups = configuration().processors["transform/discretion"]["trace_statements"]
    assert isinstance(groups, list)
    statement = re.compile(r'replace_pattern\(attributes\["exception.stacktrace"\], (".+"), "\$\$1"\)')
    (found,) = (match for group in groups for one in group["statements"] if (match := statement.fullmatch(one)))
    return re.sub(json.loads(found[1]), r"\1", stack)


def test_the_country_has_one_size() -> None:
    """So many registrations that Jaeger keeps a trace of each, and that machines are reckoned for."""
    row = re.search(
        r"^\| the whole network \|[^|]+\| ([\d,]+) \|", (ROOT / "docs/operations/sizing.md").read_text(), re.MULTILINE
    )
    assert row
    a_year = f"{round(12 * int(row[1].replace(',', '')), -4):,} a year"
    assert a_year in (DEPLOY / "otel" / "collector.yaml").read_text()
    assert a_year in (ROOT / "docs/adr/0033-watching-the-network.md").read_text()


def _masked(value: str) -> bool:
    return any(re.search(pattern, value) for pattern in redaction().blocked_values)


def _attributes_in_code() -> set[str]:
    """Dotted names given to spans, to resources and to the attributes of HTTP metrics."""
    named = re.compile(r'"((?:cloudevents|db|error|http|messaging|process|rencontres|service|url)\.[a-z_.]+)"')
    files = [*(ROOT / "chassis").glob("*.py"), *(ROOT / "services").rglob("*.py")]
    found = {name for file in files for name in named.findall(file.read_text())}
    return found - _no_attributes(files_text=[file.read_text() for file in files])


def _no_attributes(*, files_text: Sequence[str]) -> set[str]:
    """The same look, another thing: instruments, scopes, subjects, ASGI messages, file types."""
    instruments = re.compile(r'(?:create_\w+|Gauge)\(\s*"([a-z_.]+)"')
    asgi = {"http.request", "http.disconnect", "http.response.start", "http.response.body"}
    kept_with_requests = {"rencontres.verdicts", "rencontres.forwarded"}
    files = {"rencontres.css", "rencontres.ics", "rencontres.sql"}
    return asgi | kept_with_requests | files | {name for text in files_text for name in instruments.findall(text)}
