"""What this service keeps of a person is told to who asks for it, goes at its term, and stays while a legal claim needs it."""

from dataclasses import replace
from datetime import timedelta

import nats

from chassis.answering import answering
from chassis.ids import uuid7
from chassis.nights import tonight
from chassis.retention import Outcome, forget, survey
from contracts.catalogue import PERSON_HELD, PERSON_RELEASED
from contracts.envelope import Event
from contracts.person import PersonHeld, PersonReleased
from contracts.records import RecordsQuery, RecordsReply
from contracts.retention import Retention
from local.mail_sink import MailSink
from services.notifications.records import KINDS, QUEUE_GROUP, SERVICE, records_of
from services.notifications.retention import kinds
from services.registration.people.labels import has_words
from tests.fixtures.kept_codes import kept_codes
from tests.fixtures.notifying import NOW, event, meetup, named, registration
from tests.fixtures.post_office import PostOffice

LATER = NOW + timedelta(days=600)


def held(who: str) -> Event:
    data = PersonHeld(person_id=named(who), held_at=NOW)
    return replace(event(meetup()), id=uuid7(), type=PERSON_HELD, aggregate_id=named(who), territory="all", data=data)


def released(who: str) -> Event:
    data = PersonReleased(person_id=named(who), released_at=NOW)
    return replace(
        event(meetup()), id=uuid7(), type=PERSON_RELEASED, aggregate_id=named(who), territory="all", data=data
    )


async def removed(office: PostOffice) -> dict[str, int]:
    return (await forget(kinds(office.database, Retention()), now=LATER, batch=1)).removed


async def test_all_rows_about_a_person_are_told_on_the_broker_and_nobody_elses(office: PostOffice) -> None:
    await office.prepare("zaina", "other")
    await office.tell(event(registration("zaina")), event(registration("other")))
    topology = office.settings.topology

    async def tell(query: RecordsQuery) -> RecordsReply:
        return await records_of(office.database, query)

    client = await nats.connect(office.nats_url)
    try:
        async with answering(client, topology.records(SERVICE), QUEUE_GROUP, RecordsQuery, tell):
            await client.flush()
            query = RecordsQuery(person_id=named("zaina"), registration_ids=(named("registration of zaina"),))
            reply = await client.request(topology.records(SERVICE), query.model_dump_json().encode(), timeout=10)
    finally:
        await client.close()
    found = RecordsReply.model_validate_json(reply.data)
    rows = {record.kind: record.rows for record in found.records}
    assert set(rows) == {"mails", "registration_copies", "mail_lanes"}
    assert rows["mails"][0]["recipient_id"] == str(named("zaina"))
    assert str(named("other")) not in found.model_dump_json()


async def test_every_code_a_mail_is_kept_with_can_be_said_in_words(office: PostOffice) -> None:
    codes = await kept_codes(office.database, ["deliveries"])
    assert {("status", "sent"), ("kind", "reminder"), ("recipient_kind", "person")} <= codes
    assert {pair for pair in codes if not has_words(*pair)} == set()


async def test_mails_and_copies_go_thirteen_months_later_and_no_old_event_sends_them_again(
    office: PostOffice, mail_sink: MailSink
) -> None:
    await office.prepare("zaina")
    first = event(registration("zaina", "confirmed"))
    async with office.open():
        await office.tell(first)
        await mail_sink.wait_for_count(1)
        await office.until_nothing_is_due()
    early = NOW + timedelta(days=380)
    assert [one.count for one in await survey(office.database, kinds(office.database, Retention()), now=early)] == [
        0,
        0,
    ]
    await office.database.ping()
    assert (await removed(office))["registration_copies"] == 1
    assert await office.count("registrations") == 0
    assert await office.value("SELECT count(*) FROM deliveries WHERE status <> 'waiting'") == 0
    await office.tell(first)
    assert await office.count("deliveries") == 0


async def test_somebody_held_keeps_mails_and_copies_until_released(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina", "other")
    async with office.open():
        await office.tell(event(registration("zaina", "confirmed")), event(registration("other", "confirmed")))
        await mail_sink.wait_for_count(2)
        await office.until_nothing_is_due()
    await office.tell(held("zaina"))
    assert await removed(office) == {"mails": 1, "registration_copies": 1}
    assert await office.count("registrations") == 1
    await office.tell(released("zaina"))
    assert await removed(office) == {"mails": 1, "registration_copies": 1}


async def test_a_further_part_of_a_question_is_about_its_registrations_alone(office: PostOffice) -> None:
    await office.prepare("zaina")
    await office.tell(event(registration("zaina")))
    whole = RecordsQuery(person_id=named("zaina"))
    assert {one.kind for one in (await records_of(office.database, whole)).records} == set(KINDS)
    further = whole.model_copy(update={"continued": True})
    assert (await records_of(office.database, further)).records == ()
    of_one = further.model_copy(update={"registration_ids": (named("registration of zaina"),)})
    found = {one.kind for one in (await records_of(office.database, of_one)).records}
    assert found == {"mails", "registration_copies"}


async def test_an_export_reads_no_mail_but_the_persons(office: PostOffice) -> None:
    async with office.database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked AS {KINDS['mails'].text}")
        rows = await connection.fetch("EXPLAIN EXECUTE asked (NULL, NULL)")
        await connection.execute("DEALLOCATE asked")
    plan = "\n".join(row[0] for row in rows)
    assert "deliveries_of_recipient" in plan
    assert "deliveries_of_registration" in plan


async def test_each_night_has_one_run(office: PostOffice) -> None:
    found = kinds(office.database, Retention())
    none = Outcome({"mails": 0, "registration_copies": 0}, given_up=())
    assert await tonight(office.database, found, clock=office.clock) == none
    assert await tonight(office.database, found, clock=office.clock) is None
