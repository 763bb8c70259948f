"""From a registration, and from all that is kept of its person, to what the templates read."""

from datetime import datetime

from services.registration import people
from services.registration.domain.registrations import Registration
from services.registration.odds import Odds
from services.registration.pages import showing
from services.registration.pages.attendee import views
from services.registration.people import Export, Labels
from services.registration.registering import Shown


def registration(shown: Shown, odds: Odds | None, *, token: str, now: datetime) -> views.Registration:
    """Show one registration to the bearer of `token`."""
    known, meetup = shown.registration, shown.sheet.meetup
    mailed = shown.purpose == "manage"
    unproven = known.status in ("held", "waitlisted")
    return views.Registration(
        reference=known.reference,
        state=state(known, begun=meetup.occasion.starts_at <= now, over=meetup.over(now=now), now=now),
        meetup=showing.meetup(shown.sheet, now=now),
        token=token,
        mailed=mailed,
        may_act=mailed and now < meetup.occasion.starts_at,
        # Whoever filled in the form knows the name; the mailed link proves whose it is.
        name=shown.full_name if mailed else None,
        # Never the spelling that is kept: it would tell whether the address was known before.
        written_to=shown.email_key if unproven and not mailed else None,
        waiting_position=shown.position,
        odds=odds,
        expires_at=known.expires_at,
        passes_on=known.expires_at is None or known.expires_at < meetup.occasion.starts_at,
        cancelled_by=known.cancelled_by,
        attended=known.attended,
        named_by=known.named_by if mailed else None,
        refused=known.approval == "refused",
        handed_over=shown.handed_over,
        mode=known.mode if known.hybrid else None,
        join_url=shown.join_url,
        waiting_behind=next((room.announced_waiting for room in shown.sheet.rooms if room.mode == known.mode), 0),
    )


def own_data(kept: Export, words: Labels) -> views.OwnData:
    """Show all that is kept of somebody, in the words of the copy. Consents and an objection stand beside what can be done about them."""
    sections = {section.kind: section for section in people.readable(kept, words)}
    consents, objection = sections.pop("consents", None), sections.pop("objections", None)
    silent = ", ".join(words.value("service", service) for service in kept.not_answered)
    return views.OwnData(
        email=str(kept.rows("person")[0]["email"]),
        sections=tuple(sections.values()),
        consents=tuple(
            views.Consent(told=told, purpose=str(row["purpose"]), holds=row["withdrawn_at"] is None)
            for row, told in zip(kept.rows("consents"), consents.entries if consents else (), strict=True)
        ),
        objected=objection.entries[0].pairs[0][1] if objection else None,
        missing=words.text("missing", services=silent) if silent else None,
        elsewhere=tuple(words.kind(kind) for kind in people.only_in_json(kept)),
    )


def state(known: Registration, *, begun: bool, over: bool, now: datetime) -> views.State:
    """Return how it stands at `now`, which time may have changed before anything was written."""
    if known.due(now=now):
        return "expired"
    if known.status == "waitlisted" and begun:
        return "missed"
    if known.status == "waitlisted" and not known.in_line:
        return "pending"
    if known.status == "confirmed" and over:
        return "past"
    return known.status
