"""Rendering: one Jinja environment that escapes everything, and the words and figures templates may use."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from local.console import formats, links

PER_PAGE = 50
_HERE = Path(__file__).parent

_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "duration": formats.duration,
    "size": formats.size,
    "number": formats.number,
    "clock": formats.clock,
    "moment": formats.moment,
    "linked": links.clickable,
}


def page(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """One whole page."""
    now = datetime.now(UTC)
    html = _environment.get_template(template).render(
        path=request.url.path, now=now, ago=lambda then: formats.ago(then, now), **context
    )
    return HTMLResponse(html, status_code=status)


def page_number(request: Request) -> int:
    """`?page=`, from 1; anything else is the first."""
    text = request.query_params.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def not_found(what: str) -> NoReturn:
    """Answer 404 with a sentence that says what is not there, and why that may be."""
    raise HTTPException(404, what)
