"""What is committed is what the models say; a published schema is never replaced by one that breaks its readers."""

import json
from pathlib import Path
from typing import Annotated

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field

from contracts import publish
from contracts.fact import Fact


class _Ticket(Fact):
    ticket: str
    row: str | None = None


class _TicketWithPrice(_Ticket):
    price: int | None = None


class _ShortTicket(_Ticket):
    ticket: Annotated[str, Field(max_length=3)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(publish, "SCHEMAS", tmp_path)
    monkeypatch.setattr(publish, "EVENT_PAGE", tmp_path / "events.md")
    monkeypatch.setattr(publish, "ACCOUNTS", tmp_path / "accounts.conf")
    _show(monkeypatch, _Ticket)
    assert publish.main([]) == 0
    return tmp_path


def _show(monkeypatch: pytest.MonkeyPatch, model: type[Fact]) -> None:
    """Make `model` the only thing there is to publish."""
    text = json.dumps(publish.schema_of(model), indent=2) + "\n"
    monkeypatch.setattr(publish, "render", lambda: {publish.SCHEMAS / "ticket.sold.v1.json": text})


def test_schemas_and_event_page_are_those_of_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    status = publish.main(["--check"])
    assert status == 0, "run: python -m contracts.publish\n" + capsys.readouterr().out


@pytest.mark.parametrize("path", sorted(publish.SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_committed_schema_is_a_schema_open_to_later_fields(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{path.name}")
    assert '"additionalProperties": false' not in path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_drift_fails_with_a_diff(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _show(monkeypatch, _TicketWithPrice)
    assert publish.main(["--check"]) == 1
    assert '+    "price": {' in capsys.readouterr().out


def test_an_additive_change_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _show(monkeypatch, _TicketWithPrice)
    assert publish.main([]) == 0
    assert "price" in (folder / "ticket.sold.v1.json").read_text(encoding="utf-8")
    assert publish.main(["--check"]) == 0


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_an_incompatible_change_is_refused_and_nothing_is_written(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "ticket.sold.v1.json").read_text(encoding="utf-8")
    _show(monkeypatch, _ShortTicket)
    assert publish.main(arguments) == 2
    assert "/properties/ticket/maxLength is new" in capsys.readouterr().err
    assert (folder / "ticket.sold.v1.json").read_text(encoding="utf-8") == before


def test_a_published_type_may_not_vanish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ticket.lost.v1.json").write_text("{}", encoding="utf-8")
    assert publish.main(["--check"]) == 2
    assert "ticket.lost.v1.json" in capsys.readouterr().err


def test_an_older_major_stays_beside_the_current_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (folder / "ticket.sold.v1.json").read_text(encoding="utf-8")
    monkeypatch.setattr(publish, "render", lambda: {folder / "ticket.sold.v2.json": text})
    assert publish.main([]) == 0
    assert (folder / "ticket.sold.v1.json").is_file()
