"""The operator's list: read strictly, obeyed until the last day."""

from datetime import date
from pathlib import Path

import pytest

from vetline.reference.library import ReferenceLibrary
from vetline.reference.overrides import Overrides
from vetline.vetting.applicant import Applicant, Claim, PostalAddress
from vetline.vetting.evidence import Outcome
from vetline.vetting.facts import Source
from vetline.vetting.triage import triage

HEAD = "domain,verdict,reason,owner,expires\n"
SOURCE = Source("overrides", "test")
CHINA = PostalAddress("CN", postal_code="361005")


def parse(rows: str) -> Overrides:
    return Overrides.parse(HEAD + rows, SOURCE, "overrides.csv")


def test_a_file_is_read_with_its_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text("\ufeff" + HEAD + "XMU.edu.cn,Approve,charter seen,desk,2026-12-31\n", encoding="utf-8")
    (row,) = Overrides.read(path).rows
    assert (row.domain, row.verdict, row.expires) == ("xmu.edu.cn", Outcome.APPROVE, date(2026, 12, 31))
    assert len(row.source.version) == 12


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("x.edu,allow,why,me,2026-12-31", "line 2: verdict 'allow' is unknown; write approve, deny or refer"),
        ("x.edu,approve,why,me,soon", "line 2: expires 'soon' is not a day; write it as 2027-12-31"),
        ("x.edu,approve,,me,2026-12-31", "line 2: fill in reason"),
        ("x.edu,approve", "line 2: fill in reason, owner, expires"),
        ("https://x.edu/,approve,why,me,2026-12-31", "line 2: 'https://x.edu/' is not a domain"),
        ("edu,approve,why,me,2026-12-31", "line 2: 'edu' is not a domain"),
        ("x.edu,deny,why,me,2026-12-31\nx.edu,deny,why,me,2026-12-31", "line 3: x.edu is there twice"),
    ],
)
def test_a_bad_row_is_named_with_its_mend(rows: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"overrides\.csv") as caught:
        parse(rows)
    assert says in str(caught.value)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="line 1: add the column owner, expires"):
        Overrides.parse("domain,verdict,reason\n", SOURCE, "overrides.csv")


def test_a_row_that_is_no_csv_is_named() -> None:
    with pytest.raises(ValueError, match=r"overrides\.csv, line 2: .*write the row anew"):
        parse("x.edu,approve," + "y" * 200_000 + ",desk,2026-12-31")


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "overrides.csv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="save it as UTF-8"):
        Overrides.read(path)


@pytest.mark.parametrize(
    ("row", "today", "outcome", "rule"),
    [
        ("xmu.edu.cn,approve,charter seen,desk,2026-12-31", date(2026, 12, 31), Outcome.APPROVE, "override-approve"),
        ("xmu.edu.cn,approve,charter seen,desk,2026-12-31", date(2027, 1, 1), Outcome.REFER, "stop-listed"),
        ("xmu.edu.cn,deny,abused,desk,2026-12-31", date(2026, 6, 1), Outcome.DENY, "override-deny"),
        ("xmu.edu.cn,refer,ask first,desk,2026-12-31", date(2026, 6, 1), Outcome.REFER, "override-refer"),
        ("other.edu,approve,why,desk,2026-12-31", date(2026, 6, 1), Outcome.REFER, "stop-listed"),
    ],
)
def test_a_row_counts_until_its_last_day(row: str, today: date, outcome: Outcome, rule: str) -> None:
    library = ReferenceLibrary(parse(row))
    facts = library.look_up(Applicant("Xiamen University", (), CHINA), Claim(website="www.xmu.edu.cn"), today)
    verdict = triage(facts)
    assert (verdict.outcome, verdict.rule) == (outcome, rule)


def test_trust_in_a_domain_does_not_cover_a_contradiction() -> None:
    library = ReferenceLibrary(parse("xmu.edu.cn,approve,charter seen,desk,2026-12-31"))
    applicant = Applicant("Xiamen University", ("contoso.com",), CHINA)
    verdict = triage(library.look_up(applicant, Claim(website="xmu.edu.cn"), date(2026, 6, 1)))
    assert verdict.rule == "domains-disagree"
