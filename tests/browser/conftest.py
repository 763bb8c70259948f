"""Every page of the gallery under an address of its own, in a browser and without any server."""

from tests.fixtures.browsing import browser

__all__ = ["browser"]
