"""Hostile free text becomes one domain or a reason why not; it never becomes an exception."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.reference.domains import Domain, NotADomain, read_domain
from vetline.reference.suffixes import Suffixes

SUFFIXES = Suffixes()

MARKS = [":", "/", "//", "\\", "@", ".", "..", "?", "#", "%2e", "[", "]", ";", ",", " ", "\t", "\n", "\x00", "-", "_"]
ODD = ["\u200b", "\u202e", "\u3002", "\uff0e", "\ufeff", "\u00ad", "\u0430", "\u03bf", "\u0131", "\ud800", "\U000e0061"]
PIECES = [
    "harvard",
    "edu",
    "harvard.edu",
    "evil.com",
    "ac.uk",
    "ox",
    "http",
    "https://",
    "ftp://",
    "xn--",
    "443",
    "www",
]
nasty = st.lists(st.sampled_from(MARKS + ODD + PIECES) | st.characters(), max_size=30).map("".join)
anything = st.text(max_size=300) | nasty


@given(anything)
def test_reading_never_raises_and_keeps_its_shape(text: str) -> None:
    domain = read_domain(text, SUFFIXES)
    if isinstance(domain, Domain):
        assert domain.host.isascii()
        assert domain.host == domain.host.lower()
        assert ("." + domain.host).endswith("." + domain.registrable)
        assert domain.registrable.endswith("." + domain.suffix)
        assert len(domain.host) <= 253


@given(anything)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    once = read_domain(text, SUFFIXES)
    if isinstance(once, Domain):
        twice = read_domain(once.host, SUFFIXES)
        assert isinstance(twice, Domain)
        assert (twice.host, twice.registrable, twice.suffix) == (once.host, once.registrable, once.suffix)


@pytest.mark.parametrize(
    "text",
    [
        "ox.ac.uk",
        "OX.AC.UK",
        "  ox.ac.uk\n",
        "ox.ac.uk.",
        "ox.ac.uk:443",
        "http://ox.ac.uk:80",
        "https://ox.ac.uk/",
        "https://ox.ac.uk./about?x=1#top",
        "//ox.ac.uk/",
        "HTTPS://ox.ac.uk",
    ],
)
def test_the_ways_people_write_a_website(text: str) -> None:
    assert read_domain(text, SUFFIXES) == Domain("ox.ac.uk", "ox.ac.uk", "ac.uk")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("harvard.edu@evil.com", "evil.com"),
        ("https://harvard.edu:443@evil.com/", "evil.com"),
        ("https://evil.com\\@harvard.edu/", "evil.com"),
        ("https://a@b@evil.com", "evil.com"),
        ("https:evil.com", "evil.com"),
        ("https:///evil.com/", "evil.com"),
        ("ftp://evil.com", "evil.com"),
        ("evil.com:8080", "evil.com"),
        ("ev\u200bil.com", "evil.com"),
        ("evil\u3002com", "evil.com"),
        ("\uff45vil.com", "evil.com"),
        ("\u0435vil.com", "xn--vil-qdd.com"),
        ("xn--vil-qdd.com", "xn--vil-qdd.com"),
        ("\u0131t.com", "xn--t-eka.com"),
    ],
)
def test_odd_text_is_read_as_a_browser_would_and_leaves_a_warning(text: str, host: str) -> None:
    domain = read_domain(text, SUFFIXES)
    assert isinstance(domain, Domain)
    assert domain.host == host
    assert domain.warnings


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t ",
        "\u200b",
        "localhost",
        "harvard",
        "school.invalid-tld",
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "http://[::1]/",
        "ac.uk",
        "edu",
        "harvard..edu",
        "harvard.edu..",
        ".harvard.edu",
        "-harvard.edu",
        "harv_ard.edu",
        "harvard%2eedu",
        "harvard.edu evil.com",
        "harvard.edu:evil.com",
        "javascript:alert(1)",
        "a" * 64 + ".edu",
        "a." * 127 + "harvard.edu",
        "harvard.edu" + " " * 3000,
    ],
)
def test_what_names_no_domain_says_why(text: str) -> None:
    answer = read_domain(text, SUFFIXES)
    assert isinstance(answer, NotADomain)
    assert answer.why


def test_an_honest_international_name_leaves_no_warning() -> None:
    assert read_domain("https://\u6771\u4eac\u5927\u5b66.jp/", SUFFIXES) == Domain(
        "xn--1lq68wkwbj6u.jp", "xn--1lq68wkwbj6u.jp", "jp"
    )


@pytest.mark.parametrize("piece", ["a.", "@", "://", "xn--a.", "\u0430", "\u3002", "[", "%", "\u0300", ".", "a@b:"])
def test_the_longest_text_is_read_in_no_time(piece: str) -> None:
    started = time.perf_counter()
    read_domain((piece * 2048)[:2048], SUFFIXES)
    read_domain(piece * 500_000, SUFFIXES)
    assert time.perf_counter() - started < 0.5
