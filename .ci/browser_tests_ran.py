"""Proves by a JUnit report that pages were opened in a real browser: a run without them must not pass for sound."""

import sys
from xml.etree import ElementTree

_FOLDER = "tests.browser."


def passed(report: str) -> int:
    """Return how many of the browser's tests ran and passed."""
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314 - written by our own run of pytest
    return sum(case.get("classname", "").startswith(_FOLDER) and len(case) == 0 for case in cases)


if __name__ == "__main__":
    if not (number := passed(sys.argv[1])):
        sys.exit("no test opened a page in a browser: is tests/browser collected, and Chromium installed?")
    print(f"{number} tests opened pages in a browser")  # noqa: T201 - CI's log is its reader
