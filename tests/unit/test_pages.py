"""The pages for people who run and change this name what is there: files, headings, commands, variables."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from contracts.permissions import PASSWORD
from local.cli import commands
from local.processes import SERVICES
from local.settings_page import PAGE, SECTIONS, render

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda page: str(page.relative_to(ROOT)))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
INSTALL = [
    f"docs/operations/{name}.md"
    for name in ("laptop", "one-server", "cluster", "upgrade", "backup-and-restore", "observability")
]
WRITTEN_LATER = {"deploy/.env"}
"""By whoever installs, with `deploy/new-env`; never committed."""
_FOLDERS = "chassis|contracts|deploy|docs|local|requirements|scripts|services|tests"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", _prose(page)):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if anchor:
            assert anchor in _anchors(there), target


@pytest.mark.parametrize("name", INSTALL)
def test_an_install_page_begins_with_what_it_takes_and_ends_with_what_was_not_tried(name: str) -> None:
    text = (ROOT / name).read_text()
    head, *_, last = re.split(r"^## ", text, flags=re.MULTILINE)
    assert re.findall(r"^- \*\*(.+?)\*\*", head, re.MULTILINE) == ["For", "You need", "It takes", "In the end"]
    assert last.startswith("What was not tried\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_is_named_exists(name: str) -> None:
    for path in re.findall(rf"`((?:{_FOLDERS})/[\w./-]+\w)`", (ROOT / name).read_text()):
        assert (ROOT / path).exists() or path in WRITTEN_LATER, path


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_one_that_its_module_knows(name: str) -> None:
    text = (ROOT / name).read_text()
    for module, command in re.findall(r"python -m (services\.\w+) ([a-z][a-z-]+)", text):
        assert module in SERVICES, module
        assert command in import_module(f"{module}.__main__")._parser().format_usage() + _help(module), command
    known = set(_mounted())
    for command in re.findall(r"^(?:uv run |\.venv/bin/)rencontres ([a-z-]+)", text, re.MULTILINE):
        assert command in known, command


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_one_that_something_reads(name: str) -> None:
    known = _variables()
    for variable in re.findall(r"RENCONTRES_[A-Z_]*[A-Z](?![A-Z_…<])", (ROOT / name).read_text()):
        assert variable in known or variable.startswith(PASSWORD), variable


def test_every_setting_says_what_it_means() -> None:
    for section in SECTIONS:
        for name, field in section.kind.model_fields.items():
            assert field.description, (section.kind, name)


def test_every_class_of_settings_is_on_the_page() -> None:
    assert {section.kind for section in SECTIONS} == set(_below(BaseSettings))


def test_every_setting_is_on_the_page() -> None:
    page = PAGE.read_text()
    assert page == render()
    for section in SECTIONS:
        for name in section.kind.model_fields:
            assert re.search(rf"`RENCONTRES_{name.upper()}(__\w+)?`", page), name


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _mounted() -> Iterator[str]:
    for command in commands.registered_commands:
        yield command.name or str(getattr(command.callback, "__name__", ""))
    for group in commands.registered_groups:
        yield str(group.name)


def _help(module: str) -> str:
    return str(import_module(f"{module}.__main__")._parser().format_help())


def _variables() -> set[str]:
    """What processes read, and what the compose file, the local run, scripts and tests read besides."""
    others = [
        file
        for folder in ("deploy", "local", "scripts", "tests")
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
    ]
    texts = (file.read_text(errors="ignore") for file in others if file.suffix not in {".pyc", ".png"})
    return set(re.findall(r"RENCONTRES_[A-Z_]*[A-Z]", " ".join([render(), *texts])))


def _below(kind: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith(("chassis.", "services.", "local.")):
            yield one
        yield from _below(one)
