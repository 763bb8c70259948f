"""The feed as JSON Feed 1.1, with what programs want to know of a meetup under `_rencontres`."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.registration.pages.catalogue import Catalogue
from services.registration.pages.programme.syndicated import Entry, Feed, tags_of, text_of, title_of


class _Meetup(BaseModel):
    starts_local: datetime
    ends_local: datetime
    timezone: str
    territory: str
    attendance_mode: str
    cancelled: bool


class _Item(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id: str
    url: str
    title: str
    content_text: str
    date_modified: datetime
    tags: list[str]
    language: str = "fr"
    meetup: _Meetup = Field(serialization_alias="_rencontres")


class _Feed(BaseModel):
    version: str = "https://jsonfeed.org/version/1.1"
    title: str
    home_page_url: str
    feed_url: str
    language: str
    items: list[_Item]


def written(feed: Feed, texts: Catalogue) -> bytes:
    """Return the document."""
    document = _Feed(
        title=feed.title,
        home_page_url=feed.home,
        feed_url=feed.itself,
        language=texts.language,
        items=[_item(entry, texts) for entry in feed.entries],
    )
    return document.model_dump_json(by_alias=True).encode()


def _item(entry: Entry, texts: Catalogue) -> _Item:
    meetup = entry.meetup
    return _Item(
        id=f"urn:uuid:{meetup.id}",
        url=entry.url,
        title=title_of(entry, texts),
        content_text=text_of(entry, texts),
        date_modified=meetup.changed_at.astimezone(UTC),
        tags=tags_of(entry, texts),
        meetup=_Meetup(
            starts_local=meetup.starts,
            ends_local=meetup.ends,
            timezone=meetup.zone,
            territory=meetup.territory,
            attendance_mode=meetup.attendance_mode,
            cancelled=meetup.seats.availability == "cancelled",
        ),
    )
