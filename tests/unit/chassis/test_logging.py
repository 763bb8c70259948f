"""Log lines: one JSON object each, in their trace, and naming nobody."""

import io
import json
import logging as stdlib
from collections.abc import Iterator

import asyncpg
import pytest
import structlog

from chassis import logging, telemetry
from chassis.discretion import blot, describe, is_personal
from tests.fixtures.telemetry import Spans

Line = dict[str, object]


class _Output(io.StringIO):
    def lines(self) -> list[Line]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def last(self) -> Line:
        return self.lines()[-1]


@pytest.fixture
def output() -> Iterator[_Output]:
    root = stdlib.getLogger()
    handlers, level, configuration = root.handlers, root.level, structlog.get_config()
    stream = _Output()
    logging.setup(service="registration", process="api", stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.configure(**configuration)


def test_a_line_says_when_what_and_who(output: _Output) -> None:
    logging.get("admission").info("admitted", meetup="m-1", count=3)

    line = output.last()

    assert list(line)[:4] == ["time", "level", "event", "logger"]
    assert (line["level"], line["event"], line["logger"]) == ("info", "admitted", "admission")
    assert (line["service"], line["process"], line["meetup"], line["count"]) == ("registration", "api", "m-1", 3)


def test_a_line_inside_a_span_carries_its_trace(output: _Output, spans: Spans) -> None:
    with telemetry.tracer("test").start_as_current_span("work") as span:
        logging.get("x").info("inside")
        context = span.get_span_context()

    assert output.last()["trace_id"] == f"{context.trace_id:032x}"
    assert output.last()["span_id"] == f"{context.span_id:016x}"


def test_loggers_of_libraries_go_through_the_same_pipeline(output: _Output) -> None:
    stdlib.getLogger("uvicorn.error").warning("bad request from %s", "camille@example.org")

    assert output.last()["event"] == "bad request from [redacted]"
    assert output.last()["logger"] == "uvicorn.error"


def test_lines_below_the_level_are_not_written(output: _Output) -> None:
    logging.get("x").debug("noise")
    stdlib.getLogger("uvicorn.error").info("Started server process")

    assert output.lines() == []


def test_fields_named_like_personal_data_are_blotted_out_at_any_depth(output: _Output) -> None:
    logging.get("x").info(
        "mail",
        email="c@example.org",
        full_name="Camille",
        manage_token="secret",
        to=["a"],
        detail={"Name": "Camille", "n": 1},
    )

    line = output.last()

    assert {line[key] for key in ("email", "full_name", "manage_token", "to")} == {"[redacted]"}
    assert line["detail"] == {"Name": "[redacted]", "n": 1}


def test_an_address_in_any_text_is_blotted_out(output: _Output) -> None:
    logging.get("x").info(
        "mail to camille.durand+ia@example.fr refused", answer="550 <camille@example.fr>: no", items=["é@ü.fr"]
    )

    assert "@" not in output.getvalue()


def test_an_exception_shows_type_and_frames_but_not_what_it_said(output: _Output) -> None:
    try:
        raise ValueError("Camille Durand is not a number")
    except ValueError:
        logging.get("x").exception("failed")

    line = output.last()

    assert line["error"] == "ValueError"
    assert any("test_logging.py" in str(frame) for frame in line["stack"])  # type: ignore[attr-defined]
    assert "Camille" not in output.getvalue()


def test_the_cause_of_an_exception_is_shown_first(output: _Output) -> None:
    try:
        try:
            raise KeyError("Camille")
        except KeyError as error:
            raise ConnectionRefusedError(111, "Connection refused") from error
    except OSError:
        stdlib.getLogger("nats").exception("no broker")

    stack = output.last()["stack"]
    assert isinstance(stack, list)
    assert [part for part in stack if ":" not in part or "Error" in part] == [
        "KeyError",
        "ConnectionRefusedError: [Errno 111] Connection refused",
    ]


def test_an_exception_given_as_a_field_is_described_too(output: _Output) -> None:
    logging.get("x").warning("retrying", reason=ValueError("Camille"))

    assert output.last()["reason"] == "ValueError"


def test_a_database_error_shows_its_state_and_constraint_but_no_value() -> None:
    error = asyncpg.UniqueViolationError('duplicate key value violates unique constraint "people_email_key"')
    error.constraint_name = "people_email_key"

    assert describe(error) == "UniqueViolationError [23505] on people_email_key"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GET /inscriptions/R-1?jeton=abc HTTP", "GET /inscriptions/R-1 HTTP"),
        ("https://host/a?email=x%40y.fr&b", "https://host/a"),
        ("postgresql://app:secret@db:5432/x refused", "postgresql://db:5432/x refused"),
        ("what? nothing here", "what? nothing here"),
        ("<Camille <c.d@example.org>>", "<Camille <[redacted]>>"),
    ],
)
def test_query_strings_credentials_and_addresses_are_cut(text: str, told: str) -> None:
    assert blot(text) == told


@pytest.mark.parametrize(
    "key", ["email", "E-Mail".replace("-", ""), "Authorization", "X_Token".lower(), "attendee_email", "Set-Cookie"]
)
def test_personal_keys_are_known_in_any_spelling(key: str) -> None:
    assert is_personal(key)


@pytest.mark.parametrize("key", ["meetup", "consumer", "subject", "count", "tokens_left"])
def test_other_keys_are_left_alone(key: str) -> None:
    assert not is_personal(key)
