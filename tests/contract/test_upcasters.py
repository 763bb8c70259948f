"""An event written long ago reaches today's reader through one small step a major."""

from dataclasses import replace

import pytest

from contracts import envelope, upcasters
from contracts.catalogue import EVENT_TYPES, REGISTRATION_HELD
from contracts.envelope import BadData, decode
from contracts.registration import RegistrationState
from contracts.upcasters import Chain, JsonObject, MissingUpcaster, upcast
from tests.contract.golden import ALL_SAMPLES

FAMILY = "fr.rencontres.registration.held"


def _v1_to_v2(data: JsonObject) -> JsonObject:
    """v2 named the firm's size after what it is."""
    return {**{name: value for name, value in data.items() if name != "size"}, "headcount": data["size"]}


def _v2_to_v3(data: JsonObject) -> JsonObject:
    """v3 asked for the language; everybody had written French."""
    return {**data, "locale": "fr"}


CHAIN: Chain = {(FAMILY, 1): _v1_to_v2, (FAMILY, 2): _v2_to_v3}


def _v1() -> JsonObject:
    sample = next(sample for sample in ALL_SAMPLES if str(sample) == f"{FAMILY}/v1")
    old = {name: value for name, value in sample.data.items() if name not in {"headcount", "locale"}}
    return {**old, "size": "10-49"}


def test_v1_becomes_v3_through_v2() -> None:
    data = upcast(_v1(), family=FAMILY, major=1, current=3, chain=CHAIN)
    state = RegistrationState.model_validate(data)
    assert (state.headcount, state.locale) == ("10-49", "fr")


def test_v2_takes_only_the_last_step() -> None:
    data = upcast(_v1_to_v2(_v1()), family=FAMILY, major=2, current=3, chain=CHAIN)
    assert RegistrationState.model_validate(data).headcount == "10-49"


def test_the_current_major_is_left_as_it_is() -> None:
    assert upcast({"any": "thing"}, family=FAMILY, major=3, current=3, chain=CHAIN) == {"any": "thing"}


def test_a_step_that_was_taken_away_is_named() -> None:
    with pytest.raises(MissingUpcaster, match=r"held\.v2 to v3"):
        upcast(_v1(), family=FAMILY, major=1, current=3, chain={(FAMILY, 1): _v1_to_v2})


def test_an_error_inside_a_step_is_not_taken_for_a_missing_step() -> None:
    with pytest.raises(KeyError, match="size"):
        upcast({}, family=FAMILY, major=1, current=3, chain=CHAIN)


def test_the_reader_of_v3_reads_the_wire_form_of_v1(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = next(sample for sample in ALL_SAMPLES if str(sample) == f"{FAMILY}/v1")
    v1 = {**{name: value for name, value in sample.data.items() if name not in {"headcount", "locale"}}, "size": "0"}
    monkeypatch.setattr(envelope, "BY_FAMILY", {FAMILY: replace(REGISTRATION_HELD, major=3)})
    monkeypatch.setattr(envelope, "upcast", lambda data, **step: upcast(data, **step, chain=CHAIN))
    event = decode(sample.headers, replace(sample, data=v1).body)
    assert isinstance(event.data, RegistrationState)
    assert (event.data.headcount, event.data.locale) == ("0", "fr")


def test_an_old_event_that_its_upcaster_cannot_read_is_poison(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = next(sample for sample in ALL_SAMPLES if str(sample) == f"{FAMILY}/v1")
    monkeypatch.setattr(envelope, "BY_FAMILY", {FAMILY: replace(REGISTRATION_HELD, major=2)})
    monkeypatch.setattr(envelope, "upcast", lambda data, **step: upcast(data, **step, chain=CHAIN))
    with pytest.raises(BadData, match="KeyError"):
        decode(sample.headers, sample.body)


def test_every_published_step_is_there() -> None:
    for kind in EVENT_TYPES:
        for major in range(1, kind.major):
            assert (kind.family, major) in upcasters.UPCASTERS
