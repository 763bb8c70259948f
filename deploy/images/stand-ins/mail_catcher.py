"""A mail catcher where Mailpit's image cannot be had: SMTP on 1025, on 8025 those of Mailpit's answers that are asked for here.

`/livez`, `/readyz`, `/api/v1/messages` (newest first) and `/api/v1/message/{ID}`. Keeps the last mails in memory, sends nothing on.
"""

import argparse
import json
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MAILS: deque[dict[str, object]] = deque(maxlen=5000)


class Catcher:
    """What aiosmtpd tells of each mail."""

    def __init__(self) -> None:
        self._count = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep it."""
        self._count += 1
        content = envelope.content
        message = message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
        MAILS.appendleft(
            {
                "ID": str(self._count),
                "To": [{"Address": address} for address in envelope.rcpt_tos],
                "Subject": str(message["Subject"]),
                "Text": _text(message),
            }
        )
        return "250 kept"


class Answers(BaseHTTPRequestHandler):
    """Mailpit's paths and names."""

    def do_GET(self) -> None:
        """Answer 200 with JSON, or 404."""
        mails = list(MAILS)
        summaries = [{key: mail[key] for key in ("ID", "To", "Subject")} for mail in mails]
        answers: dict[str, object] = {f"/api/v1/message/{mail['ID']}": mail for mail in mails}
        answers |= {"/livez": "ok", "/readyz": "ok"}
        answers["/api/v1/messages"] = {"total": len(mails), "messages": summaries}
        found = answers.get(self.path.partition("?")[0])
        body = json.dumps(found).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Say nothing: paths and probes are of no interest."""


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp", default="0.0.0.0:1025")
    parser.add_argument("--listen", default="0.0.0.0:8025")
    options, _ = parser.parse_known_args()
    host, port = options.smtp.split(":")
    Controller(Catcher(), hostname=host, port=int(port)).start()
    host, port = options.listen.split(":")
    ThreadingHTTPServer((host, int(port)), Answers).serve_forever()


if __name__ == "__main__":
    main()
