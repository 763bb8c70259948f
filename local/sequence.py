"""Several `python -m` commands in one interpreter, one after the other: `python -m local.sequence one command -- another`.

What they import is most of what they cost, and it is the same; alone, each does what it does in a cluster. The first failure ends it.
Each may have variables of its own: a list in `LOCAL_SEQUENCE_ENVIRONMENTS`, since arguments can be seen by everybody on the machine.
"""

import json
import os
import runpy
import sys

from chassis.exits import FORESEEN

SEPARATOR = "--"
ENVIRONMENTS = "LOCAL_SEQUENCE_ENVIRONMENTS"


def split(words: list[str]) -> list[list[str]]:
    """The commands between the separators."""
    commands: list[list[str]] = [[]]
    for word in words:
        if word == SEPARATOR:
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def _run(command: list[str], environment: dict[str, str]) -> None:
    module, *arguments = command
    sys.argv = [module, *arguments]
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code not in (None, 0):
            if ended.code not in FORESEEN:  # else it has said what is wrong, and that is to stay the last line
                sys.stderr.write(f"{' '.join(command)} failed\n")
            raise
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    commands = split(sys.argv[1:])
    environments = json.loads(os.environ.pop(ENVIRONMENTS, "[]")) or [{} for _ in commands]
    for each, variables in zip(commands, environments, strict=True):
        _run(each, variables)
