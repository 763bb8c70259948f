"""Where to join online, as organisers write it: an https address of a public host, in the one spelling that calendars and mails take."""

import re

from pydantic import ValidationError
from pydantic_core import Url

MAX_LENGTH = 500

_NEVER = re.compile(r"[\s\\<>\"{}|^`\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_PUBLIC_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


class BadJoinAddress(ValueError):
    """Not an https address of a public host, or one with a name or password in it."""


def normalised(text: str) -> str:
    """Return it in ASCII: the host in punycode, the path percent-encoded. Raises BadJoinAddress."""
    scheme, _, rest = text.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if scheme.lower() != "https" or not authority or _NEVER.search(text) or "@" in authority:
        raise BadJoinAddress
    try:
        url = Url(text)
    except ValidationError:
        raise BadJoinAddress from None
    if len(url.host or "") > 253 or not _PUBLIC_HOST.fullmatch(url.host or "") or len(str(url)) > MAX_LENGTH:
        raise BadJoinAddress
    return str(url)
