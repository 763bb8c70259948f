"""`/mailbox`: what the network has sent, to whom, and how it looks.

A mail's HTML is shown in a sandboxed frame of its own policy: no script, nothing fetched, links open in a new tab.
"""

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from local.console import mailbox
from local.console.desk import Desk
from local.console.pages import PER_PAGE, not_found, page, page_number
from local.console.traces import TraceStore
from local.mail_sink import Mail

_FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'self'; frame-ancestors 'self'"
)
_NEW_TAB = '<base target="_blank">'
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_WORD = re.compile(r"[A-Z0-9][A-Z0-9-]{4,30}[A-Z0-9]")


def routes(desk: Desk) -> list[Route]:
    """The list, one mail, and the frame of its HTML."""

    async def listing(request: Request) -> Response:
        to, number = request.query_params.get("to", ""), page_number(request)
        found = mailbox.find(desk.sink.mails, to=to)
        shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        return page(
            request,
            "mailbox.html",
            to=to,
            mails=[(mail, mailbox.excerpt(mail)) for mail in shown],
            total=len(found),
            received=desk.sink.received,
            number=number,
            pages=-(-len(found) // PER_PAGE),
        )

    async def one(request: Request) -> Response:
        mail = _mail(desk, request)
        letter = mailbox.read(mail)
        views = _views(letter)
        view = request.query_params.get("view", "")
        return page(
            request,
            "mail.html",
            mail=mail,
            letter=letter,
            views=views,
            view=view if view in dict(views) else views[0][0],
            references=_references(letter, desk.traces),
            others=len(mailbox.find(desk.sink.mails, to=mail.recipients[0])) - 1 if mail.recipients else 0,
        )

    async def html(request: Request) -> Response:
        letter = mailbox.read(_mail(desk, request))
        if not letter.html:
            not_found("This mail has no HTML part.")
        return HTMLResponse(_for_the_frame(letter.html), headers={"Content-Security-Policy": _FRAME_POLICY})

    return [
        Route("/mailbox", listing),
        Route("/mailbox/{mail_id:int}", one),
        Route("/mailbox/{mail_id:int}/html", html),
    ]


def _mail(desk: Desk, request: Request) -> Mail:
    mail = desk.sink.mail(request.path_params["mail_id"])
    if mail is None:
        not_found(
            "This mail is not kept here any more, or never was. The mailbox lives in memory and keeps the last ones."
        )
    return mail


def _views(letter: mailbox.Letter) -> list[tuple[str, str]]:
    present = (
        ("html", "HTML", letter.html),
        ("text", "Text", letter.text),
        ("calendar", "Calendar", letter.calendar),
        ("source", "Source", True),
    )
    return [(name, title) for name, title, content in present if content]


def _for_the_frame(html: str) -> str:
    """Links of a frame would open inside it, where the sandbox stops them."""
    head = _HEAD.search(html)
    return html[: head.end()] + _NEW_TAB + html[head.end() :] if head else _NEW_TAB + html


def _references(letter: mailbox.Letter, store: TraceStore) -> list[str]:
    """Registrations the mail speaks of, as far as their traces are here: what it was sent for."""
    words = dict.fromkeys(_WORD.findall(f"{letter.text} {letter.html}"))
    return [word for word in words if store.naming(word)][:3]
