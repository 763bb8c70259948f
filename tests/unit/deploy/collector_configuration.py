"""The Collector's configuration as data: unknown keys are refused where we write all that there is."""

from collections.abc import Mapping
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict, Field

from tests.unit.deploy.observability import DEPLOY

Settings = Mapping[str, object]


class Pipeline(BaseModel):
    model_config = ConfigDict(extra="forbid")
    receivers: list[str]
    processors: list[str]
    exporters: list[str]


class Service(BaseModel):
    model_config = ConfigDict(extra="forbid")
    extensions: list[str]
    telemetry: Settings
    pipelines: dict[str, Pipeline]


class Redaction(BaseModel):
    model_config = ConfigDict(extra="forbid")
    allow_all_keys: bool
    summary: str
    allowed_keys: list[str]
    blocked_values: list[str] = Field(min_length=1)


class Collector(BaseModel):
    model_config = ConfigDict(extra="forbid")
    extensions: dict[str, Settings]
    receivers: dict[str, Settings]
    processors: dict[str, Settings]
    exporters: dict[str, Settings]
    service: Service


@cache
def configuration() -> Collector:
    return Collector.model_validate(yaml.safe_load((DEPLOY / "otel" / "collector.yaml").read_text()))


def redaction() -> Redaction:
    """What may pass of traces."""
    return Redaction.model_validate(configuration().processors["redaction/traces"])
