"""A process to supervise: `fake_process.py PORT [ready|never-ready|deaf|crash|misconfigured]`. Answers `/readyz`, unless told otherwise."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

PORT, MANNER = int(sys.argv[1]), sys.argv[2]


class Probe(BaseHTTPRequestHandler):
    """200 or 503."""

    def do_GET(self) -> None:
        self.send_response(503 if MANNER == "never-ready" else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        """Silent."""


sys.stdout.write(f"started as {MANNER}\n")
sys.stdout.flush()
if MANNER == "crash":
    sys.exit("it hurts")
if MANNER == "misconfigured":
    sys.stdout.write('{"event": "cannot run as configured: set RENCONTRES_X: no"}\n')
    sys.exit(64)
if MANNER == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
HTTPServer.allow_reuse_address = True
HTTPServer(("127.0.0.1", PORT), Probe).serve_forever()
