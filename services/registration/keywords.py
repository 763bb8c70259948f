"""Words by which a meetup is found that stand in no text of its organisers: « Bretagne », « atelier », « artisans »."""

from collections.abc import Iterator

from contracts.territories import REGIONS, TERRITORIES
from contracts.vocabularies import ATTENDANCE_MODES, AUDIENCES, FORMATS, LEVELS, SECTORS
from services.registration.domain.meetups import Meetup


def keywords_of(meetup: Meetup) -> str:
    """Return the names of its territory and region, and the labels of its format and facets, in French as the programme is."""
    return " ".join(_words(meetup))


def _words(meetup: Meetup) -> Iterator[str]:
    about, facets = meetup.programme, meetup.programme.facets
    territory = TERRITORIES[meetup.territory]
    yield territory.name
    if territory.region in REGIONS:
        yield REGIONS[territory.region].name
    yield FORMATS.label(about.format, "fr")
    if about.attendance_mode != "onsite":
        yield ATTENDANCE_MODES.label("online", "fr")
    yield from (AUDIENCES.label(code, "fr") for code in facets.audiences)
    yield from (SECTORS.label(code, "fr") for code in facets.sectors)
    if facets.level:
        yield LEVELS.label(facets.level, "fr")
