"""Every command of `rencontres` explains itself: what it does, and each of its options; the shell can complete it."""

from collections.abc import Iterator

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from local.cli import commands
from local.commands.service_commands import _ANYTHING, MAILS, PASSED_ON, PERSON

ROOT = typer.main.get_command(commands)


def _walk(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    assert isinstance(command, TyperCommand | TyperGroup)
    yield " ".join(path), command
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _walk(child, (*path, name))


# Commands passed on to a service end with its name in brackets.
PASSED_ON_TO = tuple(command for _, command, _ in (*PASSED_ON.values(), *PERSON.values(), *MAILS.values()))
COMMANDS = dict(_walk(ROOT, ("rencontres",)))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    help_ = COMMANDS[name].help
    assert help_, f"{name} has no docstring"
    assert help_.strip().rstrip(")").endswith((".", *PASSED_ON_TO)), help_


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_says_what_it_is_for(name: str) -> None:
    hidden = [p.name for p in COMMANDS[name].params if getattr(p, "hidden", False)]
    silent = [p.name for p in COMMANDS[name].params if p.name not in hidden and not getattr(p, "help", None)]
    assert silent == []


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.context_settings != _ANYTHING])
def test_help_is_printed(name: str) -> None:
    printed = CliRunner().invoke(commands, [*name.split()[1:], "--help"])
    assert printed.exit_code == 0, printed.output
    assert "Usage:" in printed.output


def test_shells_can_complete_it() -> None:
    names = {parameter.name for parameter in ROOT.params}
    assert {"install_completion", "show_completion"} <= names
