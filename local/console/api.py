"""The same as the pages, as JSON: for tests, for the command line and for `person erase`."""

from itertools import islice

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.console import json_views, mailbox, story
from local.console.desk import Desk
from local.console.problems import Problem
from local.console.trace_lines import line

_DEFAULT_LIMIT = 50
_LARGEST_LIMIT = 10_000


def routes(desk: Desk) -> list[Route]:
    """Everything under `/api`."""
    return [*_mailbox(desk), *_traces(desk), *_state(desk)]


def _mailbox(desk: Desk) -> list[Route]:
    async def mails(request: Request) -> Response:
        query = request.query_params
        found = mailbox.find(desk.sink.mails, to=query.get("to", ""), subject=query.get("subject", ""))
        listed = [json_views.mail(mail) for mail in found[: _limit(request)]]
        return JSONResponse({"total": len(found), "mails": listed})

    async def mail(request: Request) -> Response:
        found = desk.sink.mail(request.path_params["mail_id"])
        if found is None:
            raise Problem(404, "no such mail is kept")
        return JSONResponse(json_views.letter(found))

    async def forget(request: Request) -> Response:
        recipient = request.query_params.get("recipient", "").strip()
        if not recipient:
            raise Problem(400, "say whose mails, with ?recipient=")
        return JSONResponse({"deleted": desk.sink.forget(recipient)})

    return [
        Route("/api/mailbox", mails),
        Route("/api/mailbox", forget, methods=["DELETE"]),
        Route("/api/mailbox/{mail_id:int}", mail),
    ]


def _traces(desk: Desk) -> list[Route]:
    async def traces(request: Request) -> Response:
        reference = request.query_params.get("reference", "")
        found = reversed(desk.traces.naming(reference)) if reference else desk.traces.recent()
        listed = [json_views.trace_line(line(trace)) for trace in islice(found, _limit(request))]
        return JSONResponse({"traces": listed})

    async def trace(request: Request) -> Response:
        chapter = story.of_trace(desk.traces, request.path_params["trace_id"].lower())
        if chapter is None:
            raise Problem(404, "no such trace is kept")
        return JSONResponse({"trace_id": chapter.trace_id, "spans": json_views.spans([chapter])})

    async def reference(request: Request) -> Response:
        """An unknown reference is an empty story, not an error: its spans may be on their way."""
        name = request.path_params["reference"]
        return JSONResponse(json_views.story(name, story.of_reference(desk.traces, name)))

    return [
        Route("/api/traces", traces),
        Route("/api/traces/{trace_id}", trace),
        Route("/api/references/{reference}", reference),
    ]


def _state(desk: Desk) -> list[Route]:
    async def health(_request: Request) -> Response:
        return JSONResponse(json_views.health(await desk.health.look()))

    async def stats(_request: Request) -> Response:
        return JSONResponse(json_views.stats(desk.sink, desk.traces))

    return [Route("/api/health", health), Route("/api/stats", stats)]


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "")
    if not text:
        return _DEFAULT_LIMIT
    if not text.isdecimal() or not 0 < int(text[:6]) <= _LARGEST_LIMIT:
        raise Problem(400, f"limit is a number from 1 to {_LARGEST_LIMIT}")
    return int(text)
