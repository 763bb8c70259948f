"""`/rencontres/{slug}`: one meetup and its form; sending it leads to the registration. Beside it the same meetup as a calendar file."""

from dataclasses import replace
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.problems import Unavailable
from contracts.fact import Locale
from services.registration import meetups, registering
from services.registration.api.registrations import RegistrationForm
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.domain.refusals import KeyReused, RegistrationClosed
from services.registration.emails import email_key
from services.registration.pages import forms, showing, views
from services.registration.pages.calendar import calendar_file
from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Slug, Visit, visit_of
from services.registration.receipts import Application
from services.registration.store.meetups import Sheet
from services.registration.wiring import admission_of, public_url_of, work_of

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
    return Response(content, media_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)


@router.api_route("/{slug}", methods=READ)
async def meetup(slug: Slug, request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> Response:
    """Show the meetup, and the form while it takes registrations."""
    return _shown(request, visit, await meetups.get(work_of(request), slug), forms.blank())


@router.post("/{slug}")
async def register(slug: Slug, request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> Response:
    """Register. What is wrong is shown with what was typed (422); what cannot be, too (409); all well leads on (303)."""
    sheet = await meetups.get(work_of(request), slug)
    form = forms.typed(await request.form(max_files=0, max_fields=20))
    answers = forms.check(form, locale=cast("Locale", visit.texts.language))
    if isinstance(answers, views.Form):
        return _shown(request, visit, sheet, answers, status=422)
    by_address.count(request, Kind.REGISTERING, answers.email)
    try:
        outcome = await admission_of(request).ask(_application(sheet, answers, form.idempotency_key))
    except KeyReused:
        return _shown(request, visit, sheet, forms.anew(form), status=422)
    except Unavailable as problem:
        # The same key again: had it been admitted after all, sending once more finds that registration.
        response = _shown(request, visit, sheet, replace(form, notice="unavailable"), status=503)
        response.headers.update(problem.headers)
        return response
    except RegistrationClosed:
        # It closed between the page and the answer: the page as it stands now says so.
        return _shown(request, visit, await meetups.get(work_of(request), slug), form, status=409)
    token = await registering.show_once(work_of(request), outcome.receipt)
    return RedirectResponse(visit.at(f"/inscriptions/{outcome.receipt.reference}", token=token), status_code=303)


def _application(sheet: Sheet, answers: RegistrationForm, key: str) -> Application:
    return Application(
        meetup_id=sheet.meetup.id,
        email=answers.email,
        email_key=email_key(answers.email),
        full_name=answers.full_name,
        headcount=answers.headcount,
        locale=answers.locale,
        key=key,
    )


def _shown(request: Request, visit: Visit, sheet: Sheet, form: views.Form, *, status: int = 200) -> Response:
    work = work_of(request)
    values = {
        "meetup": showing.meetup(sheet, now=work.clock.now()),
        "form": form,
        "demo": sheet.meetup.demo,
        "url": f"{public_url_of(request)}{visit.texts.prefix}/rencontres/{sheet.meetup.slug}",
        "hold_hours": round(work.deadlines.hold.total_seconds() / 3600),
    }
    return page("meetup.html", visit, values, status=status)
