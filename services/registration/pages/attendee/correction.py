"""`…/corriger`: what somebody told with a registration, corrected in the form it was told in. The address is not among it: it proves who asks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.registration import correcting, registering
from services.registration.domain.refusals import AnswersRefused
from services.registration.pages import asking, forms
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, actor, poster
from services.registration.pages.form_views import Form
from services.registration.pages.visits import READ
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions/{reference}/corriger", route_class=OpenedByLink)

Actor = Annotated[Bearer, Depends(actor)]
Poster = Annotated[Bearer, Depends(poster)]


@router.api_route("", methods=READ)
async def correction(link: Actor) -> Response:
    """Show the form with what is kept."""
    told = await correcting.details(work_of(link.request), link.shown.registration)
    return _ask(link, forms.filled(told))


@router.post("")
async def correct(request: Request, link: Poster) -> Response:
    """Write it anew, or show what is to be corrected in the correction (422)."""
    form = forms.typed(await request.form(max_files=0, max_fields=forms.MOST_FIELDS))
    answers = forms.check_details(form, link.shown.sheet.meetup.terms)
    if isinstance(answers, Form):
        return _ask(link, answers, status=422)
    reference = link.shown.registration.reference
    try:
        await registering.correct(work_of(request), reference=reference, token=link.token, wish=answers.details)
    except AnswersRefused as refusal:  # an organiser changed what is asked since the page was made
        anew = await link.anew()
        return _ask(anew, forms.refused_by_desk(form, refusal, anew.shown.sheet.meetup), status=422)
    return link.onwards(fait="corrige")


def _ask(link: Bearer, form: Form, *, status: int = 200) -> Response:
    asks = asking.asks(link.shown.sheet, language=link.visit.texts.locale, retention=work_of(link.request).retention)
    return link.render("correction", "/corriger", status=status, form=form, asks=asks)
