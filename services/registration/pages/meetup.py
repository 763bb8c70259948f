"""`/rencontres/{slug}`: one meetup and its form; sending it leads to the registration. Beside it the same meetup as a calendar file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from chassis.problems import Unavailable
from services.registration import meetups, registering
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.domain.refusals import (
    AnswersRefused,
    HeadcountMissing,
    InvitationRefused,
    KeyReused,
    NoSuchRoom,
    RegistrationClosed,
)
from services.registration.pages import asking, forms, showing
from services.registration.pages.calendar import calendar_file
from services.registration.pages.form_views import Form, Registered
from services.registration.pages.rendering import indexing, page
from services.registration.pages.visits import READ, Slug, Visit, visit_of
from services.registration.receipts import Application, Outcome
from services.registration.registering_together import applications, register_together
from services.registration.store.meetups import Sheet
from services.registration.wiring import admission_of, public_url_of, work_of
from services.registration.work import Work

router = APIRouter(prefix="/rencontres")


# Before `/{slug}`, which would take the ending for a part of the name.
@router.api_route("/{slug}.ics", methods=READ)
async def calendar(slug: Slug, request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> Response:
    """Send the meetup for a diary."""
    work = work_of(request)
    sheet = await meetups.get(work, slug)
    url = f"{public_url_of(request)}{visit.at(f'/rencontres/{slug}')}"
    content = calendar_file(showing.meetup(sheet, now=work.clock.now()), visit.texts, url=url)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.ics"', "Cache-Control": "no-cache"}
    headers |= indexing(sheet.meetup)
    return Response(content, media_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)


@router.api_route("/{slug}", methods=READ)
async def meetup(
    slug: Slug,
    request: Request,
    visit: Annotated[Visit, Depends(visit_of)],
    invitation: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Show the meetup, and the form while it takes registrations. A link may bring the code of an invitation along."""
    return _shown(request, visit, await meetups.get(work_of(request), slug), forms.blank(invitation=invitation))


@router.post("/{slug}")
async def register(slug: Slug, request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> Response:
    """Register. What is wrong is shown with what was typed (422); what cannot be, too (409); all well leads on (303)."""
    sheet = await meetups.get(work_of(request), slug)
    form = forms.typed(await request.form(max_files=0, max_fields=forms.MOST_FIELDS))
    answers = forms.check(form, sheet.meetup, locale=visit.texts.locale, zone=visit.clock)
    if isinstance(answers, Form):
        return _shown(request, visit, sheet, answers, status=422)
    answer, colleagues = answers
    by_address.count(request, Kind.REGISTERING, answer.email, *(one.email for one in colleagues))
    wish = answer.application(meetup_id=sheet.meetup.id, key=form.idempotency_key, channel="form")
    try:
        own, others = await register_together(admission_of(request), wish, colleagues)
    except KeyReused:
        return _shown(request, visit, sheet, forms.anew(form), status=422)
    except (AnswersRefused, HeadcountMissing, InvitationRefused, NoSuchRoom) as refusal:
        # A code that does not open; or an organiser changed what is asked since the page was made.
        sheet = await meetups.get(work_of(request), slug)
        return _shown(request, visit, sheet, forms.refused_by_desk(form, refusal, sheet.meetup), status=422)
    except Unavailable as problem:
        # The same key again: had it been admitted after all, sending once more finds that registration.
        response = _shown(request, visit, sheet, replace(form, notice="unavailable"), status=503)
        response.headers.update(problem.headers)
        return response
    except RegistrationClosed:
        # It closed between the page and the answer: the page as it stands now says so.
        return _shown(request, visit, await meetups.get(work_of(request), slug), form, status=409)
    token = await registering.show_once(work_of(request), own.receipt)
    if others:
        return _together(request, visit, sheet, applications(wish, colleagues), [own, *others], token=token)
    # A fragment of its own, or the browser carries that of the form's address over.
    address = visit.at(f"/inscriptions/{own.receipt.reference}", token=token) + "#content"
    return RedirectResponse(address, status_code=303)


def _together(
    request: Request,
    visit: Visit,
    sheet: Sheet,
    wishes: Sequence[Application],
    outcomes: Sequence[Outcome | Exception],
    *,
    token: str,
) -> Response:
    """Tell what became of each. No redirection: sent again, the form gets the very same answers."""
    work = work_of(request)
    people = [_registered(wish, outcome) for wish, outcome in zip(wishes, outcomes, strict=True)]
    values = {
        "meetup": showing.meetup(sheet, now=work.clock.now()),
        "people": [replace(people[0], token=token), *people[1:]],
        "demo": sheet.meetup.demo,
        "hold_hours": _hold_hours(work, sheet),
    }
    return page("form/together.html", visit, values, cache_control="no-store")


def _hold_hours(work: Work, sheet: Sheet) -> int | None:
    """How long a seat is held from now on; None where the beginning of the meetup ends that before."""
    ends_before = sheet.meetup.occasion.starts_at < work.clock.now() + work.deadlines.hold
    return None if ends_before else round(work.deadlines.hold.total_seconds() / 3600)


def _registered(wish: Application, outcome: Outcome | Exception) -> Registered:
    if isinstance(outcome, Exception):
        return Registered(full_name=wish.full_name, email=wish.email, status="failed")
    receipt = outcome.receipt
    waits_for_word = receipt.status == "waitlisted" and receipt.position is None
    return Registered(
        full_name=wish.full_name,
        email=wish.email,
        status="pending" if waits_for_word else receipt.status,
        position=receipt.position,
        reference=receipt.reference,
    )


def _shown(request: Request, visit: Visit, sheet: Sheet, form: Form, *, status: int = 200) -> Response:
    work = work_of(request)
    values = {
        "meetup": showing.meetup(sheet, now=work.clock.now()),
        "form": form,
        "asks": asking.asks(sheet, language=visit.texts.locale, retention=work.retention),
        "demo": sheet.meetup.demo,
        "url": f"{public_url_of(request)}{visit.texts.prefix}/rencontres/{sheet.meetup.slug}",
        "hold_hours": _hold_hours(work, sheet),
    }
    response = page("meetup.html", visit, values, status=status)
    response.headers.update(indexing(sheet.meetup))
    return response
