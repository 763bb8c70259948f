"""Errors as people and programs read them: a page for the first, `application/problem+json` (RFC 9457) under `/api`."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.console.pages import page


class Problem(HTTPException):
    """The request cannot be answered; `detail` says why, for whoever sent it."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(status, detail)


def answer(request: Request, error: Exception) -> Response:
    """Starlette calls this for every HTTP error."""
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    title = HTTPStatus(status).phrase
    if request.url.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JSONResponse(body, status_code=status, media_type="application/problem+json")
    sentence = detail if detail != title else "There is nothing at this address."
    return page(request, "problem.html", status=status, title=title, sentence=sentence)
