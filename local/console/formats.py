"""Times, durations and sizes as people read them."""

from datetime import UTC, datetime

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000


def duration(nanoseconds: int) -> str:
    """Three significant figures at most: `850 µs`, `8.31 ms`, `1.24 s`, `2 min 5 s`, `49 h 12 min`, `3 d 4 h`."""
    if nanoseconds < MILLISECOND:
        return f"{nanoseconds / MICROSECOND:.0f} µs"
    if nanoseconds < 999.5 * MILLISECOND:
        return f"{_three_figures(nanoseconds / MILLISECOND)} ms"
    if nanoseconds < 59.95 * SECOND:
        return f"{_three_figures(nanoseconds / SECOND)} s"
    minutes, seconds = divmod(round(nanoseconds / SECOND), 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 72:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"


def seconds(value: float) -> str:
    """A duration given in seconds, as metrics are."""
    return "0 s" if value <= 0 else duration(round(value * SECOND))


def size(count: int) -> str:
    """Bytes: `812 B`, `4.2 kB`, `1.3 MB`."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def number(value: float) -> str:
    """`12 345`, with a narrow space that does not break; fractions only where there are some."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return text.replace(",", "\N{NARROW NO-BREAK SPACE}")


def clock(nanoseconds: int) -> str:
    """Time of day in UTC, to the millisecond, as the logs have it."""
    return moment(nanoseconds).strftime("%H:%M:%S.%f")[:-3]


def moment(nanoseconds: int) -> datetime:
    """The same instant as a datetime in UTC."""
    return datetime.fromtimestamp(nanoseconds / SECOND, tz=UTC)


def ago(then: datetime, now: datetime) -> str:
    """How long ago, roughly: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`."""
    elapsed = int((now - then).total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if elapsed >= length:
            return f"{elapsed // length} {unit} ago"
    return "just now"


def _three_figures(value: float) -> str:
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
