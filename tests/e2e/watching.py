"""What a browser complains of while a scenario runs."""

from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# What a browser says of a request when the scenario itself takes the line or all scripts away, or leaves the page
# meanwhile. What our own policy refuses, the console tells of.
_OF_THE_SCENARIO = ("ERR_INTERNET_DISCONNECTED", "ERR_ABORTED", "ERR_NETWORK_CHANGED", "csp")


class Watch:
    """Collects errors of scripts, refusals by the content security policy, failed parts and requests elsewhere."""

    def __init__(self, home: str):
        self._homes = {urlsplit(home).netloc}
        self.complaints: list[str] = []

    def also_at(self, home: str) -> None:
        """The installation has this address too."""
        self._homes.add(urlsplit(home).netloc)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        # A resource that did not load is told of below, with its address.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _broke(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc not in self._homes:
            self.complaints.append(f"request to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        """A page may refuse, its scenario looks whether it should; nothing may break, and no part may be missing."""
        too_late = response.status == HTTPStatus.CONFLICT  # for a save that a newer one has overtaken
        missing = response.status >= 400 and response.request.resource_type != "document" and not too_late
        if response.status >= 500 or missing:
            self.complaints.append(f"{response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        if not any(sign in (request.failure or "") for sign in _OF_THE_SCENARIO):
            self.complaints.append(f"{request.failure}: {request.url}")
