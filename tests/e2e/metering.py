"""What a page costs its visitor, as the browser itself counts it: requests, and bytes over the wire with their headers."""

from typing import TypedDict

from playwright.sync_api import Page


class _Finished(TypedDict):
    encodedDataLength: float


class _Redirected(TypedDict, total=False):
    redirectResponse: _Finished


class Meter:
    """Counts from its making on; `restart` begins anew. Caches are empty in a new context."""

    def __init__(self, page: Page) -> None:
        self.requests: int = 0
        self.bytes: float = 0
        self._chromium = page.context.new_cdp_session(page)
        self._chromium.send("Network.enable")
        self._chromium.on("Network.requestWillBeSent", self._sent)
        self._chromium.on("Network.loadingFinished", self._finished)

    def slow_down(self, *, bits_a_second: int, latency_ms: int) -> None:
        """Make the link a poor one, both ways."""
        speed = bits_a_second / 8
        conditions = {"offline": False, "latency": latency_ms, "downloadThroughput": speed, "uploadThroughput": speed}
        self._chromium.send("Network.emulateNetworkConditions", conditions)

    def restart(self) -> None:
        """Forget what was counted."""
        self.requests, self.bytes = 0, 0

    def _sent(self, request: _Redirected) -> None:
        self.requests += 1
        self.bytes += request.get("redirectResponse", {"encodedDataLength": 0})["encodedDataLength"]

    def _finished(self, answer: _Finished) -> None:
        self.bytes += answer["encodedDataLength"]
