"""The look all pages share: colours and letters as tokens, bare elements, the frame. Each service puts it at the head of its own sheet.

No word of the business: what a page is about has its style beside its template. Mails cannot use tokens and repeat the colours;
a test holds them to these.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

SHARED: Final = ("tokens", "elements", "frame")
"""The parts, in their order: what comes later wins."""


def styles(*parts: str) -> bytes:
    """Return the parts asked for, as one sheet."""
    return b"\n".join(_part(name) for name in parts)


def colours(scheme: str) -> Mapping[str, str]:
    """Return the colours of `light` or `dark` by the name of their token: {"paper": "#fbf5ea", …}."""
    light, _, dark = _part("tokens").decode().partition("prefers-color-scheme: dark")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light))
    return (
        found
        if scheme == "light"
        else found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", dark.partition("@media")[0]))
    )


@cache
def _part(name: str) -> bytes:
    return files("chassis.look").joinpath(f"{name}.css").read_bytes()
