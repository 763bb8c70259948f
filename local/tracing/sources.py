"""Where a story comes from: the console of a run, or Jaeger through the same words."""

from urllib.parse import quote

import httpx
from pydantic import ValidationError

from local.console import json_views, otlp, story
from local.console.traces import TraceStore
from local.failure import Failure
from local.tracing import jaeger
from local.tracing.tree import Story

_TIMEOUT = 10.0


class ConsoleAwayError(Failure):
    """The console of the run does not answer: `rencontres status` says how it does."""


def of_console(url: str, reference: str) -> Story:
    """What the run's console has received. Raises ConsoleAwayError."""
    try:
        answer = httpx.get(
            f"{url}/api/references/{quote(reference, safe='')}", timeout=_TIMEOUT, trust_env=False
        ).raise_for_status()
        return Story.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError) as error:
        raise ConsoleAwayError(f"the console at {url} does not answer: rencontres status") from error


def of_jaeger(url: str, reference: str) -> Story:
    """What Jaeger has kept of it. Raises jaeger.JaegerAwayError."""
    store = TraceStore()
    store.add(otlp.decode_protobuf(jaeger.ask(url, reference).SerializeToString()).spans)
    return Story.model_validate(json_views.story(reference, story.of_reference(store, reference)))
