"""The scorecard as JUnit XML: it holds against the grammar that both schemas have in common, whatever is in it.

The rules below say what https://github.com/jenkinsci/xunit-plugin (junit-10.xsd) and
https://github.com/windyroad/JUnit-Schema (JUnit.xsd) ask for together, where they differ the stricter.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from tests.support.processes import Sandbox
from vetline.sandbox.sight.scorecard.card import Card, Judged
from vetline.sandbox.sight.scorecard.finding import Finding, Outcome
from vetline.sandbox.sight.scorecard.items import ITEMS
from vetline.sandbox.sight.scorecard.junit import junit

Check = Callable[[str], object]

_TOKEN: Check = re.compile(r"\S+( \S+)*").fullmatch
_NUMBER: Check = re.compile(r"\d+").fullmatch
_TEXT: Check = lambda text: True  # noqa: E731 - one of a row
_MOMENT: Check = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d").fullmatch
_TOKENS = ("name", "package", "hostname")
_NUMBERS = ("id", "tests", "failures", "errors", "skipped", "time")

# By element: its attributes, all of them required, and its children in their order; a star stands for any number.
GRAMMAR: dict[str, tuple[dict[str, Check], str]] = {
    "testsuites": ({}, "(testsuite )*"),
    "testsuite": (
        {
            "name": _TOKEN,
            "package": _TOKEN,
            "hostname": _TOKEN,
            "timestamp": _MOMENT,
            **dict.fromkeys(_NUMBERS, _NUMBER),
        },
        "properties (testcase )*system-out system-err ",
    ),
    "properties": ({}, "(property )*"),
    "property": ({"name": _TOKEN, "value": _TEXT}, ""),
    "testcase": ({"name": _TOKEN, "classname": _TOKEN, "time": _NUMBER}, "(skipped |failure )?"),
    "skipped": ({"message": _TEXT}, ""),
    "failure": ({"message": _TEXT, "type": _TOKEN}, ""),
    "system-out": ({}, ""),
    "system-err": ({}, ""),
}


def check(element: Element) -> None:
    """Hold an element and all in it against the grammar."""
    attributes, children = GRAMMAR[element.tag]
    assert set(element.attrib) == set(attributes), element.tag
    for name, is_good in attributes.items():
        assert is_good(element.attrib[name]), (element.tag, name, element.attrib[name])
    assert re.fullmatch(children, "".join(f"{child.tag} " for child in element)), element.tag
    for child in element:
        check(child)


findings = st.builds(Finding, st.sampled_from(Outcome), st.text(max_size=20), st.tuples(st.integers(1, 9)))


@given(st.lists(findings, min_size=len(ITEMS), max_size=len(ITEMS)), st.lists(st.text(max_size=20), max_size=3))
def test_it_is_valid_whatever_is_in_it(found: list[Finding], clients: list[str]) -> None:
    card = Card(clients, "", [Judged(item, finding) for item, finding in zip(ITEMS, found, strict=True)])
    root = fromstring(junit(card, datetime(2026, 7, 1, tzinfo=UTC)))
    check(root)
    [suite] = root
    assert len(suite.findall("testcase")) == int(suite.attrib["tests"]) == len(ITEMS)
    assert len(suite.findall("testcase/failure")) == int(suite.attrib["failures"]) == card.failed
    assert len(suite.findall("testcase/skipped")) == int(suite.attrib["skipped"])


def test_the_service_answers_with_it(sandbox: Sandbox) -> None:
    sandbox.call("GET", "/v1/customers", headers={"User-Agent": 'hostile "<&>'})
    answer = sandbox.http.get("/sandbox/scorecard.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    root = fromstring(answer.content)
    check(root)
    failed = root.findall("testsuite/testcase/failure/..")
    assert [one.attrib["name"] for one in failed] == ["correlation-id-renewed"]
