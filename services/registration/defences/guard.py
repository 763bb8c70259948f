"""The first to look at a request: plain ASGI, since it stands before everything. It counts, challenges, and refuses other sites' posts.

What was typed is never lost: a form that is refused comes back as a page that holds it and can send it again (`again`).
"""

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.client_address import is_at_home, network_of
from chassis.limits import Verdict, headers
from chassis.problems import respond
from services.registration.defences import again, sent
from services.registration.defences.challenge import LASTS, Outcome
from services.registration.defences.cross_site import CrossSitePost, is_foreign
from services.registration.defences.desk import Defences, caller_of_token
from services.registration.defences.kinds import CHALLENGED, Kind, kind_of
from services.registration.defences.problems import ChallengeRequired, too_many

STATE = "rencontres.verdicts"
"""Where in the scope the verdicts on a request lie, for its headers."""


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, defences: Defences) -> None:
        self._app = app
        self._defences = defences

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        kind = kind_of(scope["method"], scope["path"]) if scope["type"] == "http" else Kind.FREE
        if kind is Kind.FREE:
            await self._app(scope, receive, send)
            return
        if _is_form(scope) and is_foreign(scope["headers"], public_url=self._defences.public_url):
            await respond(Request(scope), CrossSitePost())(scope, receive, send)
            return
        at_home = is_at_home(scope)
        verdicts: list[Verdict] = []
        if not at_home:
            scope[STATE] = verdicts
            send = _telling(send, verdicts)
            if (refused := self._count(kind, scope, verdicts)) is not None:
                await self._refuse(refused, scope, receive, send)
                return
            if kind in (Kind.TOKENS, Kind.ORGANISING):
                send = self._counting_guesses(send, scope, only_401=kind is Kind.ORGANISING)
        if kind in CHALLENGED and self._defences.challenges(at_home=at_home):
            passed = await self._challenge(scope, receive, send)
            if passed is None:
                return
            receive = passed
        await self._app(scope, receive, send)

    def _count(self, kind: Kind, scope: Scope, verdicts: list[Verdict]) -> Verdict | None:
        """Count the request; return the verdict that refuses it, if one does."""
        for verdict in self._asked(kind, scope):
            if verdict is not None:
                verdicts.append(verdict)
                if not verdict.allowed:
                    return verdict
        return None

    def _asked(self, kind: Kind, scope: Scope) -> Iterator[Verdict | None]:
        """Ask one limit after the other. A network that only guesses is not asked for its tokens: it has as many as it likes."""
        network, desk = network_of(scope["client"][0]), self._defences
        if kind not in (Kind.TOKENS, Kind.ORGANISING):
            yield desk.ask(desk.by_network[kind], network, network=network)
            return
        yield desk.ask(desk.guesses, network, network=network, cost=0)
        if kind is Kind.ORGANISING:
            token = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
            yield desk.ask(desk.organiser, caller_of_token(token), network=network)

    def _counting_guesses(self, send: Send, scope: Scope, *, only_401: bool) -> Send:
        """Count what opened nothing: a link that works costs nothing, however often it is opened."""
        wrong = (401,) if only_401 else (401, 404)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in wrong:
                network = network_of(scope["client"][0])
                self._defences.ask(self._defences.guesses, network, network=network)
            await send(message)

        return sending

    async def _refuse(self, verdict: Verdict, scope: Scope, receive: Receive, send: Send) -> None:
        problem = too_many(verdict.retry_after)
        response = (
            again.limited(Request(scope), problem, await sent.fields(scope, receive))
            if again.is_for(scope)
            else respond(Request(scope), problem)
        )
        await response(scope, receive, send)

    async def _challenge(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """Return how to read on where the challenge is passed; otherwise answer, and return None."""
        if _is_form(scope):
            return await self._challenge_form(scope, receive, send)
        solution = next((value for name, value in scope["headers"] if name == b"challenge-solution"), b"")
        text, _, answer = solution.decode("latin-1").rpartition(":")
        desk, place = self._defences, scope["path"]
        outcome = desk.challenger.check_work(text, answer, place, now=desk.now()) if solution else None
        desk.note_challenge(outcome or "asked")
        if outcome is Outcome.PASSED:
            return receive
        asked = desk.challenger.ask(place, b"", now=desk.now())
        await respond(Request(scope), ChallengeRequired(asked, lasts=LASTS))(scope, receive, send)
        return None

    async def _challenge_form(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        desk, place, network = self._defences, scope["path"], network_of(scope["client"][0])
        fields = await sent.fields(scope, receive)
        solution = sent.solution(fields)
        if solution.answer:
            outcome = desk.challenger.check_work(solution.challenge, solution.answer, place, now=desk.now())
        elif solution.wait:
            outcome = desk.challenger.check_wait(solution.wait, place, network, now=desk.now())
        else:
            outcome = None
        if outcome is Outcome.PASSED and not solution.answer:
            waits = desk.ask(desk.waits, network, network=network)
            if waits is not None and not waits.allowed:
                await again.limited(Request(scope), too_many(waits.retry_after), fields)(scope, receive, send)
                return None
        desk.note_challenge(outcome or "asked")
        if outcome is Outcome.PASSED:
            return sent.replayed(scope, fields)
        asked = desk.challenger.ask(place, network, now=desk.now())
        if outcome is Outcome.TOO_EARLY:
            left = desk.challenger.left_to_wait(solution.wait, now=desk.now())
            asked = again.same_wait(asked, wait=solution.wait, seconds=left)
        await again.challenged(Request(scope), asked, fields, first=outcome is None)(scope, receive, send)
        return None


def _is_form(scope: Scope) -> bool:
    """Tell whether a page sent this, not a program."""
    return scope["method"] == "POST" and not scope["path"].startswith("/api/")


def _telling(send: Send, verdicts: Sequence[Verdict]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and verdicts:
            message["headers"] = [*message.get("headers", ()), *headers(verdicts)]
        await send(message)

    return sending
