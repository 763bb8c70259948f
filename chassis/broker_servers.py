"""Several servers of NATS in one URL: `nats://user:password@one:4222,two:4222,three:4222`, as that of PostgreSQL names its hosts.

The client takes any of them, and another when that one is gone. Who says user and password once says it of all.
"""

from urllib.parse import urlsplit, urlunsplit


def servers(url: str) -> list[str]:
    """Return a URL a server, in the order given."""
    parts = urlsplit(url)
    user, named, hosts = parts.netloc.partition("@")
    first = f"{user}@" if named else ""
    each = (hosts if named else parts.netloc).split(",")
    return [urlunsplit(parts._replace(netloc=host if "@" in host else f"{first}{host}")) for host in each]
