"""One JSON line an event on stdout, with the trace it belongs to; the standard library's loggers go the same way.

Never personal data: what is named like it or looks like an address is blotted out, exceptions show type and frames but not
what they say unless they speak of machines, query strings are cut.
"""

import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import TextIO

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from chassis.discretion import blot, describe, is_personal

_BELOW = dict.fromkeys(("alembic.runtime.plugins", "asyncio", "httpx", "uvicorn"), logging.WARNING)
_FRAMES = 40
_LINE_KEYS = frozenset({"event", "level", "logger", "time", "service", "process", "trace_id", "span_id"})


def setup(*, service: str, process: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log line of this process through one pipeline; may be called again."""
    stream = stream or sys.stdout
    chain = [*_chain(service, process), structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(stream)]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=chain))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in list(logging.Logger.manager.loggerDict):
        _let_through(name)
    for name, least in _BELOW.items():
        logging.getLogger(name).setLevel(least)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; may be taken at import, before `setup`. `log.info("what happened", meetup=meetup_id)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def level_from_environment() -> str:
    """`RENCONTRES_LOG_LEVEL`, or INFO: needed before the settings are read, since reading them may fail."""
    level = os.environ.get("RENCONTRES_LOG_LEVEL", "INFO").upper()
    return level if level in logging.getLevelNamesMapping() else "INFO"


def _chain(service: str, process: str) -> list[Processor]:
    def identity(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        first = {key: line.pop(key, None) for key in ("time", "level", "event", "logger")}
        return {**first, "service": service, "process": process, **line}

    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        identity,
        _with_trace,
        _with_exception,
        _discreet,
    ]


def _with_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = trace.format_trace_id(context.trace_id)
        line["span_id"] = trace.format_span_id(context.span_id)
    return line


def _with_exception(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    error = _exception_of(line.pop("exc_info", None))
    if error is not None:
        line["error"] = describe(error)
        line["stack"] = _stack(error)
    return line


def _exception_of(exc_info: bool | BaseException | ExcInfo | None) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _stack(error: BaseException) -> list[str]:
    """File, line and function of each frame, the causes first; no source, no values."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    lines: list[str] = []
    for part in reversed(chain):
        lines += [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(part.__traceback__)]
        lines.append(describe(part))
    return lines[-_FRAMES:]


def _discreet(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    for key, value in line.items():
        if key == "event":
            line[key] = blot(str(value))
        elif key not in _LINE_KEYS and not key.startswith("_"):
            line[key] = "[redacted]" if is_personal(key) else _blotted(value)
    return line


def _blotted(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, Mapping):
        return {str(k): "[redacted]" if is_personal(str(k)) else _blotted(v) for k, v in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [_blotted(part) for part in value]
    return blot(str(value))


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(timestamp_key="time")
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _let_through(name: str) -> None:
    """Libraries that brought handlers of their own lose them: their lines go up to the root's."""
    logger = logging.getLogger(name)
    logger.handlers, logger.propagate = [], True
