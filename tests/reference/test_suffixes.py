"""Where an owner ends, and for whom a suffix is kept."""

import pytest

from vetline.reference.suffixes import Suffixes
from vetline.vetting.facts import SuffixKind


@pytest.mark.parametrize(
    ("host", "suffix", "kind"),
    [
        ("harvard.edu", "edu", SuffixKind.ACADEMIC),
        ("ox.ac.uk", "ac.uk", SuffixKind.ACADEMIC),
        ("det.nsw.edu.au", "nsw.edu.au", SuffixKind.ACADEMIC),
        ("x.k12.ca.us", "k12.ca.us", SuffixKind.K12),
        ("x.pvt.k12.ma.us", "pvt.k12.ma.us", SuffixKind.K12),
        ("glow.anything.sch.uk", "anything.sch.uk", SuffixKind.K12),
        ("x.lib.oh.us", "lib.oh.us", SuffixKind.LIBRARY),
        ("x.cc.ca.us", "cc.ca.us", SuffixKind.COMMUNITY_COLLEGE),
        ("x.museum", "museum", SuffixKind.MUSEUM),
        ("nasa.gov", "gov", SuffixKind.GOVERNMENT),
        ("x.ac.gov.br", "ac.gov.br", SuffixKind.GOVERNMENT),
        ("x.go.jp", "go.jp", SuffixKind.GOVERNMENT),
        ("army.mil", "mil", SuffixKind.MILITARY),
        ("x.edu.pl", "edu.pl", SuffixKind.OPEN_ACADEMIC),
        ("x.edu.kg", "edu.kg", SuffixKind.OPEN_ACADEMIC),
        ("x.go.it", "go.it", SuffixKind.ORDINARY),
        ("daffodil.ac", "ac", SuffixKind.ORDINARY),
        ("x.school", "school", SuffixKind.ORDINARY),
        ("x.cc", "cc", SuffixKind.ORDINARY),
        ("x.com", "com", SuffixKind.ORDINARY),
    ],
)
def test_the_suffix_tells_for_whom_it_is_kept(suffixes: Suffixes, host: str, suffix: str, kind: SuffixKind) -> None:
    assert suffixes.suffix(host) == suffix
    assert suffixes.kind(suffix) is kind


@pytest.mark.parametrize(
    ("host", "registrable"),
    [
        ("cs.ox.ac.uk", "ox.ac.uk"),
        ("ox.ac.uk", "ox.ac.uk"),
        ("ac.uk", ""),
        ("school.github.io", "school.github.io"),
        ("a.school.github.io", "school.github.io"),
        ("ruhr-uni-bochum.de", "ruhr-uni-bochum.de"),
        ("www.ruhr-uni-bochum.de", "ruhr-uni-bochum.de"),
        ("somebody.ruhr-uni-bochum.de", "somebody.ruhr-uni-bochum.de"),
        ("x.no-such-tld", ""),
    ],
)
def test_names_below_a_shared_suffix_have_owners_of_their_own(suffixes: Suffixes, host: str, registrable: str) -> None:
    assert suffixes.registrable(host) == registrable


@pytest.mark.parametrize(
    ("suffix", "country"),
    [("ac.uk", "GB"), ("de", "DE"), ("edu.co", "CO"), ("co", ""), ("io", ""), ("eu", ""), ("com", ""), ("edu", "")],
)
def test_a_country_code_names_a_country_unless_the_world_uses_it(suffixes: Suffixes, suffix: str, country: str) -> None:
    assert suffixes.country(suffix) == country
