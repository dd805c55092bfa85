"""What a page does that no page may: fail, break its own policy, open a dialog, ask another host for something."""

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, WebError

# What a page left behind when it was left, or what became a download; a policy that blocks says so in the console.
_ABANDONED = "net::ERR_ABORTED"
_INSIDE = ("data", "blob", "about")


class Watch:
    """Notes what goes wrong on all pages of a visitor.

    Parameters:
        context: the visitor.
        base: the only origin that may be asked for anything.
    """

    def __init__(self, context: BrowserContext, base: str) -> None:
        self._base = base
        self._expected: list[str] = []
        self._tolerated: list[str] = []
        self.problems: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """Await a problem instead of minding it: without it the test fails.

        Parameters:
            pattern: a regular expression that is found in each line of the problem.
        """
        self._expected.append(pattern)

    def tolerate(self, pattern: str) -> None:
        """Do not mind a problem that Chromium may or may not have, by when it comes to look.

        Parameters:
            pattern: a regular expression that is found in each line of the problem.
        """
        self._tolerated.append(pattern)

    def check(self) -> None:
        """Compare what was noted with what was expected.

        Raises:
            AssertionError: something went wrong, or something expected did not.
        """
        minded = self._expected + self._tolerated
        found = [one for one in self.problems if not any(re.search(pattern, one) for pattern in minded)]
        found += [f"did not happen: {one}" for one in self._expected if not self._noted(one)]
        assert not found, "\n".join(found)

    def _noted(self, pattern: str) -> bool:
        return any(re.search(pattern, problem) for problem in self.problems)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.problems.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error}")

    async def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog {dialog.type}: {dialog.message}")
        await dialog.dismiss()

    def _request(self, request: Request) -> None:
        asked, ours = urlsplit(request.url), urlsplit(self._base)
        if asked.scheme not in _INSIDE and (asked.scheme, asked.netloc) != (ours.scheme, ours.netloc):
            self.problems.append(f"another origin: {request.method} {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _ABANDONED:
            self.problems.append(f"failed: {request.method} {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.request.method} {response.url}")
