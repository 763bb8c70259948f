"""Several `python -m` commands in one interpreter, one after the other: `python -m local.sequence one command -- another`.

What they import is most of what they cost, and it is the same; alone, each does what it does in a cluster. The first failure ends it.
"""

import runpy
import sys

SEPARATOR = "--"


def split(words: list[str]) -> list[list[str]]:
    """The commands between the separators."""
    commands: list[list[str]] = [[]]
    for word in words:
        if word == SEPARATOR:
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def _run(command: list[str]) -> None:
    module, *arguments = command
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code not in (None, 0):
            sys.stderr.write(f"{' '.join(command)} failed\n")
            raise


if __name__ == "__main__":
    for each in split(sys.argv[1:]):
        _run(each)
