"""`python -m local.console`: the console and the mail sink of one machine, on its loopback address only."""

import argparse
from pathlib import Path

import uvicorn

from local.console.app import create_app
from local.mail_sink import MailSink
from local.ports import LOOPBACK


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m local.console", description=__doc__)
    parser.add_argument("--port", type=int, default=8009, help="HTTP: pages, JSON and OTLP")
    parser.add_argument("--smtp-port", type=int, default=2525, help="SMTP sink")
    parser.add_argument("--state", type=Path, help="file that lists the processes of the run, such as var/run.json")
    options = parser.parse_args()
    app = create_app(sink=MailSink(LOOPBACK, options.smtp_port), state=options.state)
    uvicorn.run(
        app,
        host=LOOPBACK,
        port=options.port,
        log_level="warning",
        access_log=False,  # paths hold addresses that were searched for
        server_header=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
