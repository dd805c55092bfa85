"""The scorecard as JUnit XML, for continuous integration: an item is a test case, one that was not tried is skipped.

It holds against the two schemas that its readers go by: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd) and
https://github.com/windyroad/JUnit-Schema (JUnit.xsd).
"""

import re
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from vetline.sandbox.sight.scorecard.card import Card, Judged
from vetline.sandbox.sight.scorecard.finding import Outcome

_NAME = "vetline.scorecard"
# What no XML may hold: https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(card: Card, now: datetime) -> bytes:
    """Return the scorecard as a document.

    Parameters:
        now: when it is made.
    """
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", _about(card, now))
    properties = SubElement(suite, "properties")
    for client in card.clients:
        SubElement(properties, "property", name="client", value=_plain(client))
    for one in card.judged:
        _add(suite, one)
    SubElement(suite, "system-out")
    SubElement(suite, "system-err")
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _about(card: Card, now: datetime) -> dict[str, str]:
    return {
        "name": _NAME,
        "package": _NAME,
        "id": "0",
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}",
        "hostname": "localhost",
        "tests": str(len(card.judged)),
        "failures": str(card.failed),
        "errors": "0",
        "skipped": str(card.count(Outcome.NOT_TRIED)),
        "time": "0",
    }


def _add(suite: Element, one: Judged) -> None:
    case = SubElement(suite, "testcase", name=one.item.id, classname=_NAME, time="0")
    finding = one.finding
    if finding.outcome is Outcome.NOT_TRIED:
        SubElement(case, "skipped", message=_plain(finding.text))
    elif finding.outcome is Outcome.FAILED:
        failure = SubElement(case, "failure", type="failed", message=_plain(finding.text))
        shown = ", ".join(map(str, finding.numbers))
        failure.text = f"{one.item.title}.\n{one.item.advice}\nExchanges: {shown}\nSource: {one.item.source}"


def _plain(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
