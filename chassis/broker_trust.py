"""TLS to NATS: whose certificates are believed. `tls://user:password@host?sslrootcert=FILE`, as in the URL of PostgreSQL beside it.

With it nothing is said before TLS: the server must have `handshake_first`, and nobody in between can talk the client out of it.
Without it TLS begins when the server asks for it, by the authorities of the machine.
"""

import ssl
from urllib.parse import parse_qs, urlsplit

from chassis.exits import BadConfiguration

PARAMETER = "sslrootcert"


def trusted(url: str) -> ssl.SSLContext | None:
    """Return what believes the authority that the URL names; None when it names none. Raises BadConfiguration."""
    named = parse_qs(urlsplit(url).query).get(PARAMETER)
    if not named:
        return None
    try:
        context = ssl.create_default_context(cafile=named[-1])
    except (OSError, ssl.SSLError) as error:
        raise BadConfiguration(f"{PARAMETER} of RENCONTRES_NATS_URL: {named[-1]} cannot be read: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
