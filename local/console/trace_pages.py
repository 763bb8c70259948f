"""`/traces` and `/references`: what happened, as bars over time, one registration or one trace a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chassis.telemetry import MESSAGING_MESSAGE_ID
from local.console import story, waterfall, wording
from local.console.desk import Desk
from local.console.pages import PER_PAGE, not_found, page, page_number
from local.console.spans import details
from local.console.story import Chapter
from local.console.trace_lines import is_somebodys, line
from local.console.traces import Trace, TraceStore
from local.mail_sink import Mail
from services.registration.domain.references import read_reference

_TRACE_ID = re.compile(r"[0-9a-f]{32}")
_GONE = "The console keeps the last traces in memory: it may have been pushed out, or not have arrived yet."
_SHOWN_MAILS = 6
_SERVICES = ("registration", "notifications", "analytics")
_FILTERS = (("registrations", "Registrations"), ("errors", "With errors"), ("all", "Everything"))


@dataclass(frozen=True, slots=True)
class Told:
    """A chapter ready for the page. `hidden` is how many spans were too many to draw."""

    chapter: Chapter
    heading: str
    stretches: list[waterfall.Stretch]
    hidden: int
    quiet: bool
    failed: int


def routes(desk: Desk) -> list[Route]:
    """The list with its search, one trace, one registration."""

    async def listing(request: Request) -> Response:
        sought = request.query_params.get("reference", "").strip()
        if address := _found(desk.traces, sought):
            return RedirectResponse(address, status_code=303)
        only = request.query_params.get("only", "registrations")
        only, number = only if only in dict(_FILTERS) else "registrations", page_number(request)
        first = (number - 1) * PER_PAGE
        shown = list(islice(_recent(desk.traces, only), first, first + PER_PAGE + 1))
        return page(
            request,
            "traces.html",
            sought=sought,
            only=only,
            filters=_FILTERS,
            traces=[line(trace) for trace in shown[:PER_PAGE]],
            number=number,
            more=len(shown) > PER_PAGE,
            store=desk.traces,
        )

    async def one_trace(request: Request) -> Response:
        trace_id = request.path_params["trace_id"].lower()
        chapter, trace = story.of_trace(desk.traces, trace_id), desk.traces.get(trace_id)
        if chapter is None or trace is None:
            not_found(f"No trace {trace_id}. {_GONE}")
        return _story(request, [chapter], title="Trace", name=trace_id, references=list(trace.references))

    async def one_reference(request: Request) -> Response:
        reference = request.path_params["reference"]
        chapters = story.of_reference(desk.traces, reference)
        if not chapters:
            not_found(f"No trace names the registration {reference}. {_GONE}")
        mails = _mails_about(desk.sink.mails, reference, chapters)
        return _story(request, chapters, title="Registration", name=reference, mails=mails)

    return [
        Route("/traces", listing),
        Route("/traces/{trace_id}", one_trace),
        Route("/references/{reference}", one_reference),
    ]


def _story(
    request: Request,
    chapters: list[Chapter],
    *,
    title: str,
    name: str,
    references: list[str] | None = None,
    mails: list[Mail] | None = None,
) -> Response:
    told = [_tell(chapter, alone=len(chapters) == 1) for chapter in chapters]
    return page(
        request,
        "story.html",
        title=title,
        name=name,
        chapters=told,
        colours=_colours(chapters),
        references=references or [],
        mails=mails or [],
        spans=sum(len(chapter.told) for chapter in chapters),
        failed=sum(one.failed for one in told),
        service_of=wording.service,
        kind_of=wording.kind,
    )


def _colours(chapters: list[Chapter]) -> dict[str, int]:
    """The same colour for the same service on every page; those nobody knows by name come after."""
    services = dict.fromkeys(told.span.emitter.service for chapter in chapters for told in chapter.told)
    known = [*_SERVICES, *(service for service in services if service not in _SERVICES)]
    return {service: known.index(service) for service in known if service in services}


def _tell(chapter: Chapter, *, alone: bool) -> Told:
    heading = wording.chapter(chapter.opening, details(chapter.opening).attributes)
    return Told(
        chapter=chapter,
        heading=heading,
        stretches=waterfall.draw(chapter),
        hidden=max(0, len(chapter.told) - waterfall.ROWS),
        quiet=wording.is_reading(details(chapter.opening).attributes) and not alone,
        failed=sum(told.span.failed for told in chapter.told),
    )


def _found(store: TraceStore, sought: str) -> str:
    """Where the search leads at once: a reference however it was typed, or a trace id."""
    for reference in (sought, read_reference(sought)):
        if reference and store.naming(reference):
            return f"/references/{reference}"
    trace_id = sought.lower()
    return f"/traces/{trace_id}" if _TRACE_ID.fullmatch(trace_id) and store.get(trace_id) else ""


def _recent(store: TraceStore, only: str) -> Iterator[Trace]:
    for trace in store.recent():
        if only == "all" or (trace.failed if only == "errors" else is_somebodys(trace)):
            yield trace


def _mails_about(mails: list[Mail], reference: str, chapters: list[Chapter]) -> list[Mail]:
    """The last ones that its spans say were sent, or that quote it, in the order of arrival.

    Looked for in the bytes: taking thousands of mails apart would take seconds.
    """
    spans = [told.span for chapter in chapters for told in chapter.told if not told.shared]
    sent = {details(span).attributes.get(MESSAGING_MESSAGE_ID) for span in spans}
    wanted = reference.encode()
    return [mail for mail in mails if mail.message_id in sent or wanted in mail.raw][-_SHOWN_MAILS:]
