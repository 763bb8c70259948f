"""A person's rights: all that is kept, and that it be deleted, everywhere and at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.contacts import AttendeeQuery, ContactQuery
from services.registration import people
from services.registration.admission import Admission
from services.registration.contacts import look_up
from services.registration.people.labels import wording
from tests.fixtures.locks import held
from tests.integration.registration.conftest import STARTS, House, application_of

ROW_OF = "SELECT FROM people WHERE id = $1 FOR UPDATE"


async def everything(house: House) -> str:
    """All that every table holds, as text."""
    tables = await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    texts = [await house.rows(f'SELECT t::text AS row FROM "{table["tablename"]}" AS t') for table in tables]
    return "\n".join(row["row"] for rows in texts for row in rows)


async def test_an_export_holds_all_and_only_theirs(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    for person in (1, 2):
        await admission.ask(application_of(meetup_id, person))
    person_id = await people.person_of(house.work, "Person1@firm.example")
    assert person_id is not None
    export = await people.export(house.work, person_id, by="command")
    assert export is not None
    assert export.rows("person")[0]["email"] == "person1@firm.example"
    [registration], [attendee] = export.rows("registrations"), export.rows("attendees")
    assert (attendee["full_name"], registration["status"]) == ("Zainaba Madi", "held")
    assert export.not_answered == ("notifications", "analytics")
    assert await people.export(house.work, house.organisation_id, by="command") is None


async def test_erasing_gives_seats_back_deletes_everything_and_keeps_counts(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    gone, kept = [await admission.ask(application_of(meetup_id, n, name=f"Name {n}")) for n in (1, 2)]
    await house.token(gone.receipt.reference)
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    rehearsal = await people.erase(house.work, person_id, rehearse=True)
    assert rehearsal is not None
    assert (rehearsal.seats_given_back, rehearsal.done) == (1, False)
    assert await house.statuses() == ["held", "waitlisted"]
    erasure = await people.erase(house.work, person_id)
    assert erasure is not None
    assert (erasure.seats_given_back, erasure.registrations_made_anonymous, erasure.done) == (1, 1, True)
    assert await house.statuses() == ["cancelled", "offered"]
    assert (await house.facts())[-3:] == ["registration.cancelled", "registration.offered", "person.erased"]
    left = await everything(house)
    assert "person1@" not in left
    assert "Name 1" not in left
    assert "Name 2" in left
    assert kept.receipt.reference in left
    assert await people.erase(house.work, person_id) is None


async def test_an_address_is_found_in_any_spelling(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    known = replace(application_of(meetup_id, 1), email="zoé@bücher.example", email_key="zoé@bücher.example")
    await admission.ask(known)
    found = {
        await people.person_of(house.work, who)
        for who in ("zoé@bücher.example", "ZOÉ@Bücher.example", " zoe\u0301@xn--bcher-kva.example ")
    }
    assert len(found) == 1
    assert found != {None}
    assert await people.person_of(house.work, "nobody@firm.example") is None
    assert await people.person_of(house.work, "no address") is None


async def test_whoever_registers_again_at_this_very_moment_is_erased_with_it(
    house: House, admission: Admission
) -> None:
    first, second = [(await house.meetup()).meetup.id for _ in range(2)]
    await admission.ask(application_of(first, 1))
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    sharing = "SELECT FROM people WHERE id = $1 FOR KEY SHARE"
    async with held(house.work.database, sharing, person_id, against=people.erase(house.work, person_id)) as (
        registering,
        erasing,
    ):
        await registering.execute(
            """WITH again AS (
                   INSERT INTO registrations (id, version, reference, meetup_id, mode, person_id, status, headcount, locale, expires_at,
                                              registered_at, changed_at)
                   SELECT gen_random_uuid(), 1, 'R-00000-00000', $1, mode, person_id, status, headcount, locale, expires_at,
                          registered_at, changed_at FROM registrations RETURNING id, person_id
               ), seat AS (UPDATE rooms SET seats_taken = 1 WHERE meetup_id = $1)
               INSERT INTO attendees SELECT id, person_id, 'Zainaba Madi' FROM again""",
            second,
        )
    erasure = await erasing
    assert erasure is not None
    assert erasure.seats_given_back == 2
    assert await house.statuses() == ["cancelled", "cancelled"]
    assert not await house.rows("SELECT FROM attendees")
    assert [await house.balance(meetup_id) for meetup_id in (first, second)] == [(0, 0), (0, 0)]


async def test_a_hold_that_comes_at_this_very_moment_refuses_the_erasure(house: House, admission: Admission) -> None:
    await admission.ask(application_of((await house.meetup()).meetup.id, 1))
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    async with held(house.work.database, ROW_OF, person_id, against=people.erase(house.work, person_id)) as (
        holding,
        erasing,
    ):
        await holding.execute("INSERT INTO legal_holds VALUES ($1, '2027-12', now())", person_id)
    with pytest.raises(people.HeldForALegalClaim):
        await erasing
    assert await house.statuses() == ["held"]
    assert await house.rows("SELECT FROM attendees")


async def test_who_is_erased_twice_at_once_is_told_of_once(house: House, admission: Admission) -> None:
    await admission.ask(application_of((await house.meetup()).meetup.id, 1))
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None

    async def twice() -> list[people.Erasure | None]:
        return await asyncio.gather(*(people.erase(house.work, person_id) for _ in range(2)))

    async with held(house.work.database, ROW_OF, person_id, against=twice()) as (_, erasing):
        pass
    assert len([done for done in await erasing if done is not None]) == 1
    assert (await house.facts()).count("person.erased") == 1


async def test_an_erased_registration_says_neither_who_nor_opens_a_door(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    for person in (1, 2):
        await admission.ask(application_of(meetup_id, person))
    await house.rows("UPDATE registrations SET timezone = 'Indian/Mayotte'")
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    held = {row["id"]: row for row in await house.rows("SELECT * FROM registrations")}
    await people.erase(house.work, person_id)
    for row in await house.rows("SELECT * FROM registrations"):
        before = held[row["id"]]
        changed = {name for name in ("person_id", "ticket", "timezone") if row[name] != before[name]}
        assert changed == ({"person_id", "ticket", "timezone"} if before["person_id"] == person_id else set())
    [told] = await house.rows("SELECT body FROM event_log WHERE type LIKE '%registration.cancelled%'")
    assert str(person_id) in told["body"], "who counts by persons must find the one they know"


async def test_what_happened_stays_as_a_count(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    await house.rows("UPDATE registrations SET status = 'confirmed', expires_at = NULL")
    house.clock.moment = STARTS + timedelta(days=1)
    person_id = await people.person_of(house.work, "person1@firm.example")
    assert person_id is not None
    await people.erase(house.work, person_id)
    assert await house.statuses() == ["confirmed"]
    assert not await house.rows("SELECT FROM attendees")


async def test_an_erased_person_is_reached_no_more(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    outcomes = [await admission.ask(application_of(meetup_id, n)) for n in (1, 2)]
    rows = await house.rows("SELECT id, person_id FROM registrations ORDER BY id")
    query = ContactQuery(
        attendees=tuple(AttendeeQuery(person_id=r["person_id"], registration_id=r["id"]) for r in rows),
        organisations=(house.organisation_id,),
    )
    before = await look_up(house.work.database, query)
    assert [a.email for a in before.attendees] == ["person1@firm.example", "person2@firm.example"]
    assert before.organisations[0].email == "ia@mayotte.example"
    await people.erase(house.work, rows[0]["person_id"])
    after = await look_up(house.work.database, query)
    assert [a.registration_id for a in after.attendees] == [outcomes[1].receipt.id]
    assert after.attendees[0].manage_token != before.attendees[1].manage_token


async def test_events_name_nobody(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    [log] = await house.rows("SELECT string_agg(headers::text || body, '') AS everything FROM event_log")
    assert "person1" not in log["everything"]
    assert "Zainaba" not in log["everything"]
    assert "mayotte.example" not in log["everything"]


async def test_the_planner_keeps_no_sample_of_anybody(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=50)).meetup.id
    for person in range(12):
        await admission.ask(application_of(meetup_id, person, name=f"Name {person}"))
    await admission.ask(application_of(meetup_id, 1, key="again", name="Name 1"))
    await house.rows("ANALYZE")
    samples = "".join(row["s"] for row in await house.rows("SELECT s::text AS s FROM pg_stats AS s"))
    assert "headcount" in samples
    assert "Name 1" not in samples
    assert "@firm.example" not in samples


async def test_every_column_that_an_export_shows_has_a_name_in_words(house: House) -> None:
    shown = await house.rows(
        """SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY($1)""",
        [
            "people",
            "registrations",
            "attendees",
            "consents",
            "scans",
            "idempotency_keys",
            "link_requests",
            "link_mails",
            "decoys",
            "access_tokens",
            "organiser_actions",
            "person_accesses",
            "legal_holds",
            "objections",
        ],
    )
    never_shown = {"token_hash", "request_hash", "trace_id"}
    assert {row["column_name"] for row in shown} - set(wording().keys) - never_shown == set()
