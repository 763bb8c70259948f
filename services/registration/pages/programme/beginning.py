"""`GET /par-ou-commencer`: two questions, then a few meetups with the reason under each. The rules are `domain.beginning`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from contracts.territories import TERRITORIES
from contracts.vocabularies import NEEDS, SECTORS
from services.registration import programme as programmes
from services.registration.domain.beginning import Asker, Candidate, Proposal, Reason, propose
from services.registration.pages import showing
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.programme.views import Beginning, Proposed
from services.registration.pages.programme.wanted import Wanted
from services.registration.pages.rendering import page
from services.registration.pages.views import Meetup
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.store.meetups import Sheet
from services.registration.store.programme import Search
from services.registration.wiring import work_of
from services.registration.work import Work

_WHERE_TO_LOOK = 150
"""Meetups looked through near, and as many online: some months of a region."""

router = APIRouter()


@router.api_route("/par-ou-commencer", methods=READ)
async def beginning(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Wanted, Query()]
) -> Response:
    """Ask, and propose."""
    answered = bool(wanted.besoin or wanted.territory or wanted.secteur)
    shown = Beginning(
        guest=visit.living(wanted.territory or ""),
        needs=showing.choices(NEEDS, visit.texts),
        sectors=showing.choices(SECTORS, visit.texts),
        regions=showing.regions(),
        wanted=wanted,
        answered=answered,
        proposals=await _proposals(work_of(request), wanted, visit.texts) if answered else (),
        all=visit.at("/", **wanted.but("q", "quand", "format", "public", "niveau", "mode")),
    )
    demo = any(proposed.meetup.demo for proposed in shown.proposals)
    return page("programme/beginning.html", visit, {"beginning": shown, "demo": demo})


async def _proposals(work: Work, wanted: Wanted, texts: Catalogue) -> tuple[Proposed, ...]:
    region = showing.region_of(wanted.territory).codes if wanted.territory else ()
    near = (await programmes.page(work, Search(territories=region), limit=_WHERE_TO_LOOK)).sheets
    online = (await programmes.page(work, Search(mode="online"), limit=_WHERE_TO_LOOK)).sheets
    now = work.clock.now()
    sheets = {sheet.meetup.slug: sheet for sheet in (*near, *online)}
    meetups = {slug: showing.meetup(sheet, now=now) for slug, sheet in sheets.items()}
    asker = Asker(
        need=wanted.besoin or None,
        sector=wanted.secteur or None,
        territory=wanted.territory,
        region=frozenset(region),
    )
    found = propose(asker, [_candidate(sheet, meetups[slug]) for slug, sheet in sheets.items()])
    return tuple(Proposed(meetup=meetups[proposal.key], because=because(proposal, wanted, texts)) for proposal in found)


def because(proposal: Proposal, wanted: Wanted, texts: Catalogue) -> str:
    """Say why: « parce qu’elle se tient dans votre territoire (Mayotte) et qu’il reste des places »."""
    clauses = [_clause(reason, wanted, texts) for reason in proposal.reasons]
    if not clauses:
        return texts.plain("beginning.because_soon")
    *most, last = clauses
    listed = f"{', '.join(most)} {texts.plain('beginning.because_and')} {last}" if most else last
    return texts.plain("beginning.because", reasons=listed)


def _clause(reason: Reason, wanted: Wanted, texts: Catalogue) -> str:
    return texts.plain(
        f"beginning.because.{reason}",
        need=NEEDS.label(wanted.besoin, texts.locale),
        sector=SECTORS.label(wanted.secteur, texts.locale),
        territory=TERRITORIES[wanted.territory].name if wanted.territory else "",
        region=showing.region_of(wanted.territory).name if wanted.territory else "",
    )


def _candidate(sheet: Sheet, shown: Meetup) -> Candidate:
    meetup, about = sheet.meetup, sheet.meetup.programme
    return Candidate(
        key=meetup.slug,
        title=about.title,
        territory=meetup.territory,
        format=about.format,
        mode=about.attendance_mode,
        facets=about.facets,
        starts_at=meetup.occasion.starts_at,
        open=shown.seats.availability in ("open", "waiting"),
        seats=shown.seats.availability == "open",
    )
