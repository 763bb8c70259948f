"""While under attack: forms ask strangers for a proof of work, or for a wait; people get through, programs are told how."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import httpx
import pytest

from services.registration.defences.challenge import solve
from tests.integration.registration.defences.conftest import MEETUP, SLUG, Opened, Strangers, answers

FORM = f"/rencontres/{SLUG}"
API = f"/api/v1/meetups/{MEETUP}/registrations"
EASY = {"challenge_bits": 8, "challenge_threshold": 5}


async def _attack(site: Strangers) -> None:
    """Programs on many networks, each more often than it may."""
    for network in range(5):
        async with site.at(f"198.51.100.{network}", browser=False) as program:
            for _ in range(6):
                await program.post("/api/v1/links", json={"email": "victime@exemple.fr"})


def _kept(html: str) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    }


async def test_without_an_attack_nobody_is_asked(opened: Opened) -> None:
    async with opened(**EASY) as site, site.at() as browser:
        assert (await browser.post(FORM, data=answers())).status_code == 303


@pytest.mark.parametrize(("path", "data"), [(FORM, answers()), ("/mes-inscriptions", {"email": "zaina1@exemple.fr"})])
async def test_under_attack_a_form_comes_back_with_work_and_goes_through_once_done(
    opened: Opened, path: str, data: dict[str, str]
) -> None:
    async with opened(**EASY) as site, site.at() as browser:
        await _attack(site)
        asked = await browser.post(path, data=data)
        assert asked.status_code == 403
        assert asked.headers["cache-control"] == "no-store"
        kept = _kept(asked.text)
        assert {name: kept[name] for name in data} == data
        assert kept["reponse-defi"] == ""
        solved = kept | {"reponse-defi": solve(kept["defi"], 8)}
        assert (await browser.post(path, data=solved)).status_code == 303
        again = await browser.post(path, data=solved)  # a work done is good once
        assert again.status_code == 403
        assert "L’envoi n’est pas encore passé" in again.text
        assert _kept(again.text)["defi"] != kept["defi"]


async def test_who_has_no_javascript_waits_and_sends_again(opened: Opened) -> None:
    async with opened(**EASY) as site, site.at() as browser:
        await _attack(site)
        kept = _kept((await browser.post(FORM, data=answers())).text)
        site.house.clock.advance(timedelta(seconds=12))
        early = await browser.post(FORM, data=kept)
        assert early.status_code == 403
        assert "18 secondes" in early.text
        assert _kept(early.text)["attente"] == kept["attente"]  # the wait goes on
        site.house.clock.advance(timedelta(seconds=18))
        assert (await browser.post(FORM, data=_kept(early.text))).status_code == 303
        assert (await browser.post(FORM, data=kept)).status_code == 403


async def test_waits_are_not_good_for_many(opened: Opened) -> None:
    async with opened(limit_waits="2/600", **EASY) as site, site.at() as browser:
        await _attack(site)
        kept = [_kept((await browser.post(FORM, data=answers(person))).text) for person in range(3)]
        site.house.clock.advance(timedelta(seconds=30))
        assert [(await browser.post(FORM, data=form)).status_code for form in kept] == [303, 303, 429]


async def test_programs_are_told_what_to_compute(opened: Opened) -> None:
    body = {"full_name": "Zaïna", "email": "zaina@exemple.fr", "headcount": "1-9"}
    async with opened(**EASY) as site, site.at(browser=False) as client:
        await _attack(site)
        asked = await client.post(API, json=body, headers={"Idempotency-Key": "k"})
        assert asked.status_code == 403
        problem = asked.json()
        assert problem["type"] == "/problems/challenge-required"
        assert (problem["algorithm"], problem["bits"], problem["expires_in"]) == ("sha-256", 8, 900)
        solution = f"{problem['challenge']}:{solve(problem['challenge'], problem['bits'])}"
        headers = {"Idempotency-Key": "k", "Challenge-Solution": solution}
        assert (await client.post(API, json=body, headers=headers)).status_code == 201
        assert (await client.post(API, json=body, headers=headers)).status_code == 403
        for rubbish in (b"", b":", b"a:b", b"\xe9:\xff", b"x" * 4000):
            sent = [(b"Idempotency-Key", b"k"), (b"Challenge-Solution", rubbish)]
            assert (await client.post(API, json=body, headers=sent)).status_code == 403


async def test_reading_and_links_that_were_mailed_are_never_challenged(opened: Opened) -> None:
    async with opened(**EASY) as site, site.at() as browser:
        sent = await browser.post(FORM, data=answers())
        await _attack(site)
        assert (await browser.get("/")).status_code == 200
        assert (await browser.get(FORM)).status_code == 200
        reference = sent.headers["location"].split("/")[-1].partition("?")[0]
        token = await site.house.token(reference)
        confirmed = await browser.post(f"/inscriptions/{reference}/confirmer", data={"token": token})
        assert confirmed.status_code == 303


async def test_it_ends_by_itself(opened: Opened) -> None:
    async with opened(**EASY) as site, site.at() as browser:
        await _attack(site)
        assert (await browser.post(FORM, data=answers())).status_code == 403
        site.house.clock.advance(timedelta(minutes=6))
        assert (await browser.post(FORM, data=answers())).status_code == 303


async def test_the_switch(opened: Opened) -> None:
    async with opened(challenge="on", challenge_bits=8) as site:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as at_home:
            body = {"email": "zaina@exemple.fr"}
            assert (await at_home.post("/api/v1/links", json=body)).status_code == 403


async def test_switched_off_even_an_attack_asks_nobody(opened: Opened) -> None:
    async with opened(challenge="off", **EASY) as site, site.at() as browser:
        await _attack(site)
        assert (await browser.post(FORM, data=answers())).status_code == 303


async def test_only_the_page_of_the_challenge_may_run_a_script_and_it_is_a_file_of_ours(opened: Opened) -> None:
    async with opened(challenge="on", challenge_bits=8) as site, site.at() as browser:
        asked = await browser.post(FORM, data=answers())
        policy = asked.headers["content-security-policy"]
        assert policy.endswith("; script-src 'self'")
        assert "unsafe" not in policy
        assert "script-src" not in (await browser.get(FORM)).headers["content-security-policy"]
        [script] = re.findall(r'<script src="(/static/challenge\.[0-9a-f]{10}\.js)" defer></script>', asked.text)
        assert asked.text.count("<script") == 1
        found = await browser.get(script)
        assert found.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "eval" not in found.text
        assert "Function(" not in found.text


async def test_a_challenge_page_says_what_was_typed_as_text(opened: Opened) -> None:
    name = f'"><script>alert({uuid4().int})</script>'
    async with opened(challenge="on", challenge_bits=8) as site, site.at() as browser:
        asked = await browser.post(FORM, data=answers(full_name=name) | {'"><i>': "x"})
        assert name not in asked.text
        assert "<i>" not in asked.text
        assert _kept(asked.text)["full_name"] == name
