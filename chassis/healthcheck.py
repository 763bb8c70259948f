"""`python -m chassis.healthcheck`: is the process of this container ready? What Docker asks, for the images hold no curl.

Asks `/readyz` on `RENCONTRES_PROBE_PORT` of the loopback address, past any proxy; exit code 1 says no. Imports next to nothing, since it
is started every few seconds.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

PATH = "/readyz"
TIMEOUT = 4.0  # the checks behind it end after 2 s


def ready(port: int) -> bool:
    """Whether the probe answers 200; a refused connection and a timeout are a no."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if ready(int(os.environ["RENCONTRES_PROBE_PORT"])) else 1)
