"""Several commands in one interpreter behave as each would alone, up to the first failure."""

import json
import os
import subprocess
import sys

from chassis.exits import Exit
from local.sequence import ENVIRONMENTS, split


def test_commands_are_what_stands_between_the_separators() -> None:
    assert split(["a", "b", "--", "c"]) == [["a", "b"], ["c"]]


def test_each_has_variables_of_its_own() -> None:
    command = "import os; print(os.environ.get('ONE'), os.environ.get('TWO'))"
    environments = json.dumps([{"ONE": "1"}, {"TWO": "2"}])
    words = ["timeit", "-n1", "-r1", command, "--", "timeit", "-n1", "-r1", command]
    ended = subprocess.run(
        [sys.executable, "-m", "local.sequence", *words],
        env={**os.environ, ENVIRONMENTS: environments},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line for line in ended.stdout.splitlines() if "None" in line] == ["1 None", "None 2"]


def test_the_first_failure_ends_the_sequence_and_is_named() -> None:
    words = ["base64", "-t", "--", "json.tool", "nowhere", "--", "base64", "-t"]
    ended = subprocess.run(
        [sys.executable, "-m", "local.sequence", *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert ended.stdout.count("Aladdin") == 2  # what one self-test of base64 prints
    assert "json.tool nowhere failed" in ended.stderr


def test_what_a_command_foresaw_stays_the_last_line() -> None:
    """It has said what is wrong and what to do, and ended with a code that says so: whoever shows the last line shows that."""
    environments = json.dumps([{"RENCONTRES_DATABASE_URL": "nowhere"}])
    ended = subprocess.run(
        [sys.executable, "-m", "local.sequence", "services.registration", "migrate"],
        env={**os.environ, ENVIRONMENTS: environments},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == Exit.CONFIGURATION
    (line,) = ended.stderr.splitlines()
    assert line.startswith("set RENCONTRES_DATABASE_URL: ")
