"""Where a sign-in may lead back to: pages of ours, however cunningly something else is spelt."""

from posixpath import normpath
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.console.way_back import ROOT, way_back

BASE = "https://vetline.example"
# What addresses are made of, and what parsers disagree about.
_WORDS = (
    "/ // \\ . .. ? # @ : ; % %2f %2F %5c %2e %25 /console/ console evil.example https: javascript: é sign-in "
    "customers queue?a=b"
)
PIECES = st.sampled_from([*_WORDS.split(" "), "\t", "\n", "\r", " ", "\0"])


@pytest.mark.parametrize(
    "ours",
    [
        "/console/",
        "/console/customers",
        "/console/customers?name=Oxford%20%26%20more&after=a/b//c",
        "/console/customers/11111111-c0c0-4000-8000-000000000001",
        "/console/sign-ins",
        "/console/caf%C3%A9",
    ],
)
def test_pages_of_ours_are_led_back_to(ours: str) -> None:
    """As they are, letter by letter."""
    assert way_back(ours) == ours


@pytest.mark.parametrize(
    "other",
    [
        "",
        "/",
        "/console",
        "console/",
        "//evil.example/console/",
        "///evil.example",
        "/\\evil.example",
        "/console/\\evil.example",
        "/console//evil.example",
        "/console/../..//evil.example",
        "/console/..",
        "/console/./x",
        "/console/%2e%2e/sandbox/info",
        "/console/%252e%252e/sandbox/info",
        "/console/..%2f..%2f",
        "/console/%2f%2fevil.example",
        "/console/%5cevil.example",
        "/console/%0d%0aSet-Cookie:x",
        "/console/x#//evil.example",
        "/console/x\n",
        "/console/\tx",
        "/consolex/",
        "/console/sign-in",
        "/console/sign-in?next=/console/",
        "/console/sign-in/",
        "/console/signed-in?code=x",
        "/console/sign-out",
        "/console/%73ign-in",
        "https://vetline.example/console/",
        "javascript:alert(1)",
        "/console/" + "x" * 1_024,
        "/console/é",
    ],
)
def test_everything_else_leads_to_the_beginning(other: str) -> None:
    """Also what only some parser would take for something else."""
    assert way_back(other) == ROOT


@given(st.lists(PIECES, max_size=12).map("".join) | st.text())
def test_browser_never_leaves_the_pages(wanted: str) -> None:
    """However it is read: as it is, with backslashes taken for slashes, or decoded on the way."""
    found = way_back(wanted)
    for seen in (found, found.replace("\\", "/"), unquote(found), unquote(unquote(found))):
        gone = urlsplit(urljoin(f"{BASE}/console/signed-in", seen.partition("?")[0]))
        assert (gone.scheme, gone.netloc) == ("https", "vetline.example")
        assert f"{normpath(gone.path)}/".startswith(ROOT)
    assert way_back(found) == found


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="/\\", exclude_categories=["C", "Z"]), min_size=1)
)
def test_every_name_can_be_searched_for(name: str) -> None:
    """A query is a page's own affair: whatever it holds, encoded, leads back."""
    wanted = f"/console/customers?name={quote(name[:100], safe='')}"
    assert way_back(wanted) == (wanted if len(wanted) <= 1_024 else ROOT)
