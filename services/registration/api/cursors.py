"""Cursors of pages: opaque to callers, with a checksum, so that one that was tampered with or cut is refused instead of misread."""

import base64
import binascii
import zlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.problems import Problem, Text
from services.registration.store.programme import Mark

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BadCursor(Problem):
    """Raised for a cursor that is none of ours. Begin at the first page."""

    slug, status = "bad-cursor", 400
    title = Text("Le curseur de page n’est pas valable", "The page cursor is not valid")


def write_mark(mark: Mark) -> str:
    """Write the end of a page of the programme."""
    return _write(b"p" + _instant(mark.stood_at) + mark.meetup_id.bytes + _instant(mark.began))


def read_mark(cursor: str) -> Mark:
    """Read it back. Raises BadCursor."""
    data = _read(cursor, kind=b"p", length=32)
    return Mark(_moment(data[:8]), UUID(bytes=data[8:24]), _moment(data[24:]))


def write_id(last: UUID) -> str:
    """Write the end of a page that is ordered by id."""
    return _write(b"i" + last.bytes)


def read_id(cursor: str) -> UUID:
    """Read it back. Raises BadCursor."""
    return UUID(bytes=_read(cursor, kind=b"i", length=16))


def _instant(moment: datetime) -> bytes:
    return ((moment - _EPOCH) // _MICROSECOND).to_bytes(8, signed=True)


def _moment(data: bytes) -> datetime:
    try:
        return _EPOCH + int.from_bytes(data, signed=True) * _MICROSECOND
    except OverflowError:
        raise BadCursor from None


def _write(data: bytes) -> str:
    return base64.urlsafe_b64encode(data + zlib.crc32(data).to_bytes(4)).decode().rstrip("=")


def _read(cursor: str, *, kind: bytes, length: int) -> bytes:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadCursor from None
    if cursor != base64.urlsafe_b64encode(raw).decode().rstrip("="):
        raise BadCursor  # bits the encoding has no use for were set
    data, checksum = raw[:-4], raw[-4:]
    if len(data) != length + 1 or data[:1] != kind or zlib.crc32(data).to_bytes(4) != checksum:
        raise BadCursor
    return data[1:]
