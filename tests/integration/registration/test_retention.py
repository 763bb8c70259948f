"""Time passes and data go: a dry run first, each kind at its term, held people never, the same whatever the number of workers."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from chassis.nights import by_hand, last_whole_run, tonight
from chassis.retention import Kind, days, forget, survey
from services.registration import people, registering
from services.registration.admission import Admission
from services.registration.retention import kinds
from tests.fixtures.locks import held
from tests.integration.registration.conftest import STARTS, House, application_of

ROW_OF = "SELECT FROM people WHERE id = $1 FOR UPDATE"
AFTER_A_YEAR = datetime(2028, 4, 16, 17, tzinfo=UTC)
AFTER_THREE_YEARS = datetime(2030, 4, 16, 17, tzinfo=UTC)


async def due(house: House) -> dict[str, int]:
    found = await survey(house.work.database, kinds(house.work), now=house.clock.now())
    return {one.kind: one.count for one in found if one.count}


async def removed(house: House, batch: int = 2) -> dict[str, int]:
    found = await forget(kinds(house.work), now=house.clock.now(), batch=batch)
    assert found.given_up == ()
    return {kind: count for kind, count in found.removed.items() if count}


async def attended(house: House, admission: Admission, *persons: int) -> list[UUID]:
    """Let people come to a meetup; return who they are."""
    meetup_id = (await house.meetup(capacity=50)).meetup.id
    found = []
    for person in persons:
        await admission.ask(application_of(meetup_id, person, name=f"Name {person}"))
        person_id = await people.person_of(house.work, f"person{person}@firm.example")
        assert person_id is not None
        found.append(person_id)
    await house.rows(
        """UPDATE registrations SET status = 'confirmed', expires_at = NULL, attended = true, attended_at = $2
           WHERE meetup_id = $1""",
        meetup_id,
        STARTS,
    )
    await house.rows(
        """INSERT INTO scans (scan_id, meetup_id, registration_id, kind, result, scanned_at, received_at)
           SELECT gen_random_uuid(), meetup_id, id, 'in', 'ok', $2, $2 FROM registrations WHERE meetup_id = $1""",
        meetup_id,
        STARTS,
    )
    return found


async def agree(house: House, person_id: UUID, purpose: str) -> None:
    await house.rows(
        """INSERT INTO consents (id, person_id, registration_id, purpose, text_version, locale, given_at, channel)
           SELECT gen_random_uuid(), person_id, registration_id, $2, '2026-11', 'fr', $3, 'form'
           FROM attendees WHERE person_id = $1""",
        person_id,
        purpose,
        house.clock.now(),
    )


async def everything(house: House) -> str:
    tables = await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    texts = [await house.rows(f'SELECT t::text AS row FROM "{table["tablename"]}" AS t') for table in tables]
    return "\n".join(row["row"] for rows in texts for row in rows)


async def test_a_registration_nobody_confirmed_is_of_nobody_a_week_after_it_expired(
    house: House, admission: Admission
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1, name="Name 1"))
    await house.rows("UPDATE registrations SET status = 'expired', expires_at = NULL")
    house.clock.advance(timedelta(days=7))
    assert await due(house) == {}
    house.clock.advance(timedelta(seconds=1))
    assert await due(house) == {"unconfirmed": 1}
    assert await removed(house) == {"unconfirmed": 1, "people": 1}
    left = await everything(house)
    assert "Name 1" not in left
    assert "person1@" not in left
    assert await house.statuses() == ["expired"]
    assert (await house.facts())[-1] == "person.erased"


@pytest.mark.parametrize("ended", ["cancelled", "waitlisted"])
async def test_who_was_named_by_somebody_else_and_never_confirmed_is_soon_forgotten(
    house: House, admission: Admission, ended: str
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1, name="Name 1"))
    await admission.ask(replace(application_of(meetup_id, 2, name="Name 2"), brought=True))
    cancelled_by, number = ("attendee", None) if ended == "cancelled" else (None, 1)
    await house.rows(
        """UPDATE registrations SET status = $1, expires_at = NULL, cancelled_by = $2,
           waiting_number = $3 + (named_by IS NULL)::integer""",
        ended,
        cancelled_by,
        number,
    )
    house.clock.moment = (house.clock.now() if ended == "cancelled" else STARTS + timedelta(hours=2)) + timedelta(
        days=7
    )
    assert await due(house) == {}
    house.clock.advance(timedelta(seconds=1))
    assert await removed(house) == {"named_by_others": 1, "people": 1}
    left = await everything(house)
    assert "Name 2" not in left
    assert "Name 1" in left


async def test_a_year_after_the_meetup_nobody_is_known_and_the_counts_are_the_same(
    house: House, admission: Admission
) -> None:
    await attended(house, admission, 1, 2, 3)
    house.clock.moment = AFTER_A_YEAR - timedelta(days=2)
    assert "attendance" not in await due(house)
    house.clock.moment = AFTER_A_YEAR
    assert (await due(house))["attendance"] == 3
    before = await everything(house)
    assert "Name 1" in before, "a survey changed something"
    gone = await removed(house)
    assert (gone["attendance"], gone["scans"], gone["people"]) == (3, 3, 3)
    left = await everything(house)
    assert "Name " not in left
    assert "@firm.example" not in left
    [counts] = await house.rows("SELECT count(*) AS n, count(*) FILTER (WHERE attended) AS came FROM registrations")
    assert (counts["n"], counts["came"]) == (3, 3)
    assert (await house.facts()).count("person.erased") == 3
    assert await due(house) == {}


async def test_a_newsletter_consent_outlives_its_registration_and_ends_three_years_after_the_last_contact(
    house: House, admission: Admission
) -> None:
    [reader, _] = await attended(house, admission, 1, 2)
    await agree(house, reader, "newsletter")
    house.clock.moment = AFTER_A_YEAR
    await removed(house)
    assert await people.person_of(house.work, "person1@firm.example") == reader
    assert await people.person_of(house.work, "person2@firm.example") is None
    assert "Name 1" not in await everything(house)
    [kept] = await house.rows("SELECT registration_id FROM consents WHERE person_id = $1", reader)
    assert kept["registration_id"] is None, "it would still say where they were"
    [link] = await house.rows("SELECT count(*) AS n FROM registrations WHERE person_id = $1", reader)
    assert link["n"] == 0
    house.clock.moment = AFTER_THREE_YEARS - timedelta(days=2)
    assert await due(house) == {}
    house.clock.moment = AFTER_THREE_YEARS
    assert (await due(house))["consents"] == 1
    assert await removed(house) == {"consents": 1, "people": 1}
    assert "person1@" not in await everything(house)


async def test_a_consent_of_an_address_nobody_confirmed_keeps_nobody(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    person = await people.person_of(house.work, "person1@firm.example")
    assert person is not None
    await agree(house, person, "newsletter")
    await agree(house, person, "photos")
    seen = await people.look(house.work, person)
    assert seen is not None
    assert [consent["confirmed"] for consent in seen.rows("consents")] == [False, False]
    await house.rows("UPDATE registrations SET status = 'expired', expires_at = NULL")
    house.clock.advance(timedelta(days=8))
    await removed(house)
    assert not await house.rows("SELECT FROM consents")
    assert not await house.rows("SELECT FROM people")


async def test_a_consent_counts_once_the_address_was_confirmed_whatever_comes_later(
    house: House, admission: Admission
) -> None:
    reference = (await admission.ask(application_of((await house.meetup()).meetup.id, 1))).receipt.reference
    person = await people.person_of(house.work, "person1@firm.example")
    assert person is not None
    await agree(house, person, "newsletter")
    token = await house.token(reference)
    await registering.confirm(house.work, reference=reference, token=token)
    await registering.cancel(house.work, reference=reference, token=token)
    export = await people.export(house.work, person, by="command")
    assert export is not None
    assert export.rows("consents")[0]["confirmed"] is True


async def test_taking_people_off_locks_them_before_their_rows_as_an_erasure_does(
    house: House, admission: Admission
) -> None:
    [person] = await attended(house, admission, 1)
    house.clock.moment = AFTER_A_YEAR
    async with held(house.work.database, ROW_OF, person, against=removed(house)) as (erasing, night):
        await erasing.execute("SELECT FROM attendees WHERE person_id = $1 FOR UPDATE NOWAIT", person)
    assert (await night)["attendance"] == 1


async def test_whom_a_claim_holds_at_this_very_moment_is_kept(house: House, admission: Admission) -> None:
    [person] = await attended(house, admission, 1)
    house.clock.moment = AFTER_A_YEAR
    async with held(house.work.database, ROW_OF, person, against=removed(house)) as (holding, night):
        await holding.execute("INSERT INTO legal_holds VALUES ($1, '2027-12', now())", person)
    await night
    assert await house.rows("SELECT FROM attendees")


async def test_a_withdrawn_consent_keeps_nobody(house: House, admission: Admission) -> None:
    [person] = await attended(house, admission, 1)
    await agree(house, person, "newsletter")
    assert await people.withdraw(house.work, person, purpose="newsletter", by="link") == 1
    assert await people.withdraw(house.work, person, purpose="newsletter", by="link") == 0
    house.clock.moment = AFTER_A_YEAR
    await removed(house)
    assert await people.person_of(house.work, "person1@firm.example") is None


async def test_somebody_held_for_a_legal_claim_is_kept_whole_until_released(house: House, admission: Admission) -> None:
    held, free = await attended(house, admission, 1, 2)
    await agree(house, held, "photos")
    assert await people.hold(house.work, held, file="2027-12") is not None
    with pytest.raises(people.HeldForALegalClaim):
        await people.erase(house.work, held)
    house.clock.moment = AFTER_THREE_YEARS
    await removed(house)
    left = await everything(house)
    assert "Name 1" in left
    assert "Name 2" not in left
    assert str(free) not in [str(row["id"]) for row in await house.rows("SELECT id FROM people")]
    assert len(await house.rows("SELECT FROM scans")) == 1
    assert await due(house) == {}
    assert await people.release(house.work, held)
    assert not await people.release(house.work, held)
    await removed(house)
    assert "Name 1" not in await everything(house)
    told = [fact for fact in await house.facts() if fact.startswith("person.")]
    assert told == ["person.held", "person.erased", "person.released", "person.erased"]


async def test_what_somebody_needs_to_be_welcomed_goes_a_week_after(house: House, admission: Admission) -> None:
    await attended(house, admission, 1)
    await house.rows("UPDATE attendees SET access_needs = 'boucle magnétique'")
    house.clock.moment = STARTS + timedelta(days=8)
    assert await due(house) == {"access_needs": 1}
    assert await removed(house) == {"access_needs": 1}
    [row] = await house.rows("SELECT full_name, access_needs FROM attendees")
    assert (row["full_name"], row["access_needs"]) == ("Name 1", None)


async def test_one_run_a_night_whatever_the_number_of_workers(house: House, admission: Admission) -> None:
    await attended(house, admission, 1, 2, 3)
    house.clock.moment = AFTER_A_YEAR
    runs = await asyncio.gather(*(tonight(house.work.database, kinds(house.work), clock=house.clock) for _ in range(4)))
    assert [run for run in runs if run is not None and run.removed["attendance"] == 3] != []
    assert len([run for run in runs if run is not None]) == 1
    assert await tonight(house.work.database, kinds(house.work), clock=house.clock) is None
    [record] = await house.rows("SELECT night, finished_at, removed FROM retention_runs")
    assert record["finished_at"] is not None
    assert record["removed"]["people"] == 3
    house.clock.advance(timedelta(days=1))
    again = await tonight(house.work.database, kinds(house.work), clock=house.clock)
    assert again is not None
    assert set(again.removed.values()) == {0}


async def test_a_run_whose_worker_died_is_taken_over(house: House) -> None:
    house.clock.moment = AFTER_A_YEAR
    await house.rows(
        "INSERT INTO retention_runs (night, started_at) VALUES ($1, $2)", AFTER_A_YEAR.date(), AFTER_A_YEAR
    )
    assert await tonight(house.work.database, kinds(house.work), clock=house.clock) is not None


async def test_a_run_that_gave_something_up_is_not_one_in_which_all_went(house: House) -> None:
    async def never_ends(_before: datetime, _limit: int) -> int:
        raise TimeoutError

    good, bad = kinds(house.work), [Kind("mails", days(1, ""), due=kinds(house.work)[0].due, remove=never_ends)]
    assert await last_whole_run(house.work.database) is None
    first = house.clock.now()
    done = await tonight(house.work.database, bad, clock=house.clock)
    assert done is not None
    assert done.given_up == ("mails",)
    house.clock.advance(timedelta(days=1))
    await tonight(house.work.database, bad, clock=house.clock)
    assert await last_whole_run(house.work.database) == first

    house.clock.advance(timedelta(hours=1))
    await by_hand(house.work.database, good, clock=house.clock)
    assert await last_whole_run(house.work.database) == house.clock.now()
    assert len(await house.rows("SELECT FROM retention_runs WHERE night IS NULL AND given_up = '{}'")) == 1


async def test_an_objection_ends_every_consent(house: House, admission: Admission) -> None:
    [person] = await attended(house, admission, 1)
    await agree(house, person, "newsletter")
    await agree(house, person, "bpifrance")
    assert await people.object_to_use(house.work, person, by="link")
    found = await people.look(house.work, person)
    assert found is not None
    assert [row["objected_at"] for row in found.rows("objections")] == [house.clock.now().isoformat()]
    assert [consent["withdrawn_at"] is not None for consent in found.rows("consents")] == [True, True]
    assert all(consent["text"] for consent in found.rows("consents"))
