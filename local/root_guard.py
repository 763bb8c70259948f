"""How root runs a program that refuses root: in a user namespace where it has another number, or else as `nobody`."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.failure import Failure

_NOBODY = 65534


class UntraversableError(Failure):
    """Root without user namespaces: the unprivileged user cannot reach a folder. The message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Unprivileged:
    """Put `prefix` before the command, or run it as the numeric `user`."""

    prefix: tuple[str, ...] = ()
    user: int | None = None

    def own(self, path: Path) -> None:
        """Hand a file over to the user, if there is one."""
        if self.user is not None:
            os.chown(path, self.user, self.user)


def unprivileged(folder: Path, *, needs: Path) -> Unprivileged:
    """The way for this process to run programs of `needs` with data in `folder`. Raises `UntraversableError`.

    `folder` exists; whatever the program is to write must be given to it by `own`. In a namespace root keeps its access to its own files, so that it works below any home or temporary folder.
    """
    if os.geteuid() != 0:
        return Unprivileged()
    prefix = ("unshare", "--user", f"--map-user={_NOBODY}", "--")
    if sys.platform == "linux" and shutil.which("unshare") and _succeeds(*prefix, "true"):
        return Unprivileged(prefix=prefix)
    for path in (folder, needs):
        _require_traversable(path)
    return Unprivileged(user=_NOBODY)


def _succeeds(*argv: str) -> bool:
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def _require_traversable(path: Path) -> None:
    for parent in path.resolve().parents:
        if not parent.stat().st_mode & 0o001:
            raise UntraversableError(
                f"PostgreSQL refuses to run as root, user namespaces are not available here, and the user nobody cannot "
                f"enter {parent} on its way to {path}. Run as an ordinary user, or allow it in (chmod o+x {parent}), "
                f"or keep the checkout and its data elsewhere (rencontres up --data /var/lib/rencontres)."
            )
