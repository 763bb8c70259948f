"""OTLP/HTTP: `/v1/traces` is kept; `/v1/metrics` and `/v1/logs` are accepted and dropped.

Metrics are read from each process's `/metrics`, logs are files; a process may send both without filling its own log with errors.
"""

import zlib

from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.console.otlp import MalformedTelemetry, decode_json, decode_protobuf
from local.console.traces import TraceStore

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes, before and after decompression. The SDK sends at most 512 spans, well under one megabyte."""

_PROTOBUF = "application/x-protobuf"
_JSON = "application/json"


class Refused(Exception):
    """A request that is answered with this status; the sender keeps or drops its spans by it (4xx: drops)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def routes(store: TraceStore) -> list[Route]:
    """The three endpoints of the protocol."""

    async def traces(request: Request) -> Response:
        try:
            return await _receive(request, store)
        except Refused as refused:
            return _refusal(request, refused)

    async def dropped(request: Request) -> Response:
        try:
            await _body(request)
        except Refused as refused:
            return _refusal(request, refused)
        # The empty message of either response is zero bytes in protobuf.
        return JSONResponse({}) if _is_json(request) else Response(b"", media_type=_PROTOBUF)

    return [
        Route("/v1/traces", traces, methods=["POST"]),
        Route("/v1/metrics", dropped, methods=["POST"]),
        Route("/v1/logs", dropped, methods=["POST"]),
    ]


async def _receive(request: Request, store: TraceStore) -> Response:
    body = await _body(request)
    try:
        decoded = decode_json(body) if _is_json(request) else decode_protobuf(body)
    except MalformedTelemetry as error:
        raise Refused(400, str(error)) from error
    store.add(decoded.spans)
    store.counts.rejected += decoded.rejected
    return _accepted(request, decoded.rejected)


def _accepted(request: Request, rejected: int) -> Response:
    reason = "spans without a 16-byte trace id and an 8-byte span id" if rejected else ""
    if _is_json(request):
        partial = {"partialSuccess": {"rejectedSpans": str(rejected), "errorMessage": reason}}
        return JSONResponse(partial if rejected else {})
    answer = ExportTraceServiceResponse()
    if rejected:
        answer.partial_success.rejected_spans = rejected
        answer.partial_success.error_message = reason
    return Response(answer.SerializeToString(), media_type=_PROTOBUF)


def _refusal(request: Request, refused: Refused) -> Response:
    """The specification wants a `google.rpc.Status` in the sender's encoding."""
    if _is_json(request):
        return JSONResponse({"message": refused.reason}, status_code=refused.status)
    status = Status(message=refused.reason)
    return Response(status.SerializeToString(), status_code=refused.status, media_type=_PROTOBUF)


async def _body(request: Request) -> bytes:
    """The body, decompressed, never more than the limit in memory."""
    if not _is_json(request) and _media_type(request) != _PROTOBUF:
        raise Refused(415, f"send {_PROTOBUF} or {_JSON}")
    received = bytearray()
    try:
        async for piece in request.stream():
            received += piece
            if len(received) > LARGEST_BODY:
                raise Refused(413, f"more than {LARGEST_BODY} bytes")
    except ClientDisconnect as error:
        raise Refused(400, "the body ended early") from error
    match request.headers.get("content-encoding", "identity").lower():
        case "identity" | "":
            return bytes(received)
        case "gzip":
            return _gunzip(bytes(received))
        case other:
            raise Refused(415, f"content encoding {other!r} is not known here; use gzip")


def _gunzip(body: bytes) -> bytes:
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = reader.decompress(body, LARGEST_BODY)
    except zlib.error as error:
        raise Refused(400, "not gzip") from error
    if reader.unconsumed_tail:
        raise Refused(413, f"more than {LARGEST_BODY} bytes decompressed")
    if not reader.eof:
        raise Refused(400, "the gzip body ended early")
    return plain


def _is_json(request: Request) -> bool:
    return _media_type(request) == _JSON


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
