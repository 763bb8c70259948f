"""The figures of the API: what is counted, where it is counted, and what is not said."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx

from chassis.clock import ManualClock
from chassis.database import Database
from contracts.envelope import Event
from contracts.registration import RegistrationStatus
from tests.fixtures.reporting import cancelled, meetup, registration, rescheduled
from tests.integration.analytics.conftest import apply

URL = "/api/v1/statistics"


def people(
    place: Event, number: int, status: RegistrationStatus, *, headcount: str = "1-9", attended: bool = False
) -> list[Event]:
    return [
        registration(place.aggregate_id, status=status, headcount=headcount, attended=attended) for _ in range(number)
    ]


async def rows(http: httpx.AsyncClient, **query: str) -> dict[str, dict[str, int]]:
    answer = await http.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return {row["key"]: row["figures"] for row in answer.json()["rows"]}


async def test_a_meetup_of_138_seats_with_62_waiting_and_96_present(
    http: httpx.AsyncClient, database: Database
) -> None:
    place = meetup(capacity=120)
    await apply(
        database,
        [
            place,
            *people(place, 96, "confirmed", attended=True),
            *people(place, 42, "confirmed"),
            *people(place, 62, "waitlisted"),
        ],
    )

    figures = (await rows(http, by="meetup"))[str(place.aggregate_id)]

    assert (figures["seats_taken"], figures["seats_allowed"], figures["waiting"]) == (138, 138, 62)
    assert (figures["attended"], figures["no_show"], figures["no_show_rate"]) == (96, 42, 42 / 138)


async def test_nobody_is_missing_before_the_meetup_has_ended(
    http: httpx.AsyncClient, database: Database, clock: ManualClock
) -> None:
    place = meetup(starts=datetime(2027, 3, 18, 8))  # noqa: DTZ001
    await apply(database, [place, *people(place, 12, "confirmed")])
    assert (await rows(http))["976"]["no_show"] == 0

    clock.advance(timedelta(hours=2))

    assert (await rows(http))["976"]["no_show"] == 12


async def test_a_rescheduled_meetup_moves_to_its_new_month(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(database, [place, *people(place, 12, "held")])
    assert set(await rows(http, by="month")) == {"2027-03"}

    await apply(database, [rescheduled(place, starts=datetime(2027, 5, 6, 9))])  # noqa: DTZ001

    moved = await rows(http, by="month")
    assert {month: figures["held"] for month, figures in moved.items()} == {"2027-05": 12}


async def test_a_cancelled_meetup_gives_no_seats_and_no_absents(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(database, [place, cancelled(place), *people(place, 12, "cancelled")])

    figures = (await rows(http))["976"]

    assert (figures["meetups"], figures["meetups_cancelled"], figures["seats_allowed"]) == (0, 1, 0)
    assert (figures["cancelled"], figures["no_show"]) == (12, 0)


async def test_filters_choose_by_territory_month_and_days(http: httpx.AsyncClient, database: Database) -> None:
    mayotte, paris = meetup(), meetup(territory="75", starts=datetime(2027, 4, 30, 20))  # noqa: DTZ001
    await apply(database, [mayotte, paris])

    assert set(await rows(http, territory="75")) == {"75"}
    assert set(await rows(http, month="2027-03")) == {"976"}
    assert set(await rows(http, **{"from": "2027-04-30", "to": "2027-04-30"})) == {"75"}
    assert await rows(http, month="2027-04", to="2027-04-29") == {}


async def test_totals_are_those_of_all_rows(http: httpx.AsyncClient, database: Database) -> None:
    one, other = meetup(), meetup(territory="2A")
    await apply(database, [one, other, *people(one, 5, "held"), *people(other, 7, "waitlisted")])

    report = (await http.get(URL)).json()

    for figure in ("meetups", "capacity", "registrations", "held", "waiting"):
        assert report["totals"][figure] == sum(row["figures"][figure] for row in report["rows"])


async def test_meetups_with_registrations_come_before_empty_ones_when_the_list_is_cut(
    http: httpx.AsyncClient, database: Database
) -> None:
    empty, full = meetup(), meetup(starts=datetime(2028, 1, 1, 9))  # noqa: DTZ001
    await apply(database, [empty, full, *people(full, 1, "held")])

    report = (await http.get(URL, params={"by": "meetup", "limit": 1})).json()

    assert [row["key"] for row in report["rows"]] == [str(full.aggregate_id)]
    assert report["rows_in_all"] == 2


async def test_a_private_meetup_counts_in_sums_and_is_named_nowhere(
    http: httpx.AsyncClient, database: Database
) -> None:
    listed, invited = meetup(), meetup(visibility="private")
    await apply(database, [listed, invited, *people(listed, 2, "held"), *people(invited, 12, "held")])

    report = (await http.get(URL, params={"by": "meetup"})).json()

    assert ([row["key"] for row in report["rows"]], report["rows_in_all"]) == ([str(listed.aggregate_id)], 1)
    assert str(invited.aggregate_id) not in (await http.get("/statistiques")).text
    assert (report["totals"]["meetups"], report["totals"]["held"]) == (2, 14)


async def test_small_bands_are_withheld_and_say_so(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(
        database,
        [
            place,
            *people(place, 30, "held", headcount="0"),
            *people(place, 20, "held"),
            *people(place, 3, "held", headcount="5000+"),
        ],
    )

    report = (await http.get(URL, params={"by": "size"})).json()

    shown = {row["key"]: row["figures"]["registrations"] for row in report["rows"]}
    assert shown == {"0": 30, "1-9": None, "10-49": 0, "50-249": 0, "250-4999": 0, "5000+": None}
    assert "registrations" in report["rows"][-1]["hidden"]
    assert report["disclosure"] == {"threshold": 11, "reason": "k<11"}


async def test_sizes_are_not_crossed_with_anything(http: httpx.AsyncClient) -> None:
    for crossing in ({"territory": "976"}, {"month": "2027-03"}, {"from": "2027-03-01"}):
        answer = await http.get(URL, params={"by": "size", **crossing}, headers={"Accept-Language": "en"})

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/crossing-not-published"


async def test_what_cannot_be_read_is_refused_by_name(http: httpx.AsyncClient) -> None:
    for query, field in (
        ({"by": "person"}, "#/by"),
        ({"month": "2027-13"}, "#/month"),
        ({"territory": "é" * 50}, "#/territory"),
        ({"from": "2027-02-30"}, "#/from"),
        ({"unknown": "1"}, "#/unknown"),
        ({"limit": "0"}, "#/limit"),
    ):
        answer = await http.get(URL, params=query)

        assert answer.status_code == 422, query
        assert [error["pointer"] for error in answer.json()["errors"]] == [field]


async def test_an_empty_network_has_zeros_and_no_rows(http: httpx.AsyncClient) -> None:
    report = (await http.get(URL)).json()

    assert report["rows"] == []
    assert report["totals"]["registrations"] == 0
    assert report["as_of"]["last_event_at"] is None


async def test_registrations_of_an_unknown_meetup_are_said_to_be_waiting(
    http: httpx.AsyncClient, database: Database
) -> None:
    await apply(database, [registration(UUID(int=9)), registration(uuid4())])

    report = (await http.get(URL)).json()

    assert report["as_of"]["unplaced_registrations"] == 2
    assert report["totals"]["registrations"] == 0


async def test_each_figure_comes_with_its_definition(http: httpx.AsyncClient) -> None:
    report = (await http.get(URL, headers={"Accept-Language": "en"})).json()

    assert set(report["definitions"]) == set(report["totals"])
    assert report["definitions"]["held"].startswith("Seats held")
