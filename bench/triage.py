"""How often the triage decides by itself, and how often it is wrong: ``python -m bench.triage``.

Exits 1 when it decides a labelled or hostile case wrongly. Nothing here is random and nothing is timed, so two runs
print the same text.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bench.cases import Case, hostile, labelled, mail_domains, schoolbus
from vetline.reference.library import ReferenceLibrary
from vetline.reference.mail import DISPOSABLE
from vetline.vetting.applicant import Applicant, Claim, PostalAddress
from vetline.vetting.evidence import Outcome
from vetline.vetting.triage import triage

# Only overrides depend on the day, and none are loaded.
ANY_DAY = date(2026, 1, 1)
ROW = "  {:<14}{:>8}{:>9}{:>7}{:>8}{:>8}"


@dataclass(frozen=True, slots=True)
class Result:
    """What the triage said about a case.

    Parameters:
        case: the case.
        outcome: approve, deny or refer.
        rule: the rule that decided.
    """

    case: Case
    outcome: Outcome
    rule: str

    @property
    def wrong(self) -> bool:
        """A decision without a person that is not true: an approval of none, or a denial of one."""
        return self.outcome is (Outcome.DENY if self.case.academic else Outcome.APPROVE)


def judge(cases: Iterable[Case], library: ReferenceLibrary) -> list[Result]:
    """Run the triage over cases."""
    return [_judge(case, library) for case in cases]


def _judge(case: Case, library: ReferenceLibrary) -> Result:
    address = PostalAddress(country=case.country, postal_code=case.postal_code)
    facts = library.look_up(Applicant(case.name, (), address), Claim(website=case.website), ANY_DAY)
    verdict = triage(facts)
    return Result(case, verdict.outcome, verdict.rule)


def main() -> int:
    """Print the figures; return the process's exit code."""
    library = ReferenceLibrary()
    _print_versions(library)
    wrong = _print_labelled(judge(labelled(), library)) + _print_hostile(judge(hostile(), library))
    _print_schoolbus(judge(schoolbus(), library))
    _print_mail(judge(mail_domains(), library))
    print(f"\n{wrong} wrong automatic decisions on the labelled and hostile sets: {'FAILED' if wrong else 'passed'}.")
    return 1 if wrong else 0


def _print_versions(library: ReferenceLibrary) -> None:
    print("The triage approves or denies only when the data is sure; the rest goes to review, to a person.")
    print(
        "Data: " + ", ".join(f"{name} {version}" for name, version in library.versions().items() if name != "vetline")
    )


def _print_labelled(results: list[Result]) -> int:
    print(f"\n1. {len(results)} domains labelled by hand (bench/data/labelled.csv)\n")
    print(ROW.format("kind", "approve", "review", "deny", "total", "wrong"))
    for kind in dict.fromkeys(result.case.kind for result in results):
        _print_row(kind, [result for result in results if result.case.kind == kind])
    _print_row("all", results)
    return _print_wrong(results)


def _print_row(kind: str, results: list[Result]) -> None:
    outcomes = Counter(result.outcome for result in results)
    counts = [outcomes[outcome] for outcome in (Outcome.APPROVE, Outcome.REFER, Outcome.DENY)]
    print(ROW.format(kind, *counts, len(results), sum(result.wrong for result in results)))


def _print_hostile(results: list[Result]) -> int:
    print(f"\n2. {len(results)} websites written to be misread (bench/data/hostile.csv); none may be approved\n")
    print(ROW.format("kind", "approve", "review", "deny", "total", "wrong"))
    _print_row("hostile", results)
    return _print_wrong(results)


def _print_schoolbus(results: list[Result]) -> None:
    print(f"\n3. {len(results):,} universities of an independent list (schoolbus, 2015), under that list's own names\n")
    outcomes = Counter(result.outcome for result in results)
    for outcome, says in (
        (Outcome.APPROVE, "approved"),
        (Outcome.REFER, "to review"),
        (Outcome.DENY, "wrongly denied"),
    ):
        print(f"  {outcomes[outcome]:>6,}  {outcomes[outcome] / len(results):7.2%}  {says}")
    _print_wrong(results)
    print("  (Its names share ancestors with the list that decides, so real legal names will agree less often.)")
    reasons = Counter(result.rule for result in results if result.outcome is Outcome.REFER)
    print("  Why they go to review: " + ", ".join(f"{rule} {count:,}" for rule, count in reasons.most_common()))


def _print_mail(results: list[Result]) -> None:
    disposable = sum(result.case.kind == DISPOSABLE for result in results)
    listed = [result.case.website for result in results if result.case.academic]
    approved = sum(result.outcome is Outcome.APPROVE for result in results)
    print(f"\n4. {len(results):,} free and disposable mail domains, {disposable:,} of them only disposable\n")
    print(f"  {approved:>6,}  approved")
    print(f"  {len(listed):>6,}  listed as institutions as well, so none of them may be denied: {', '.join(listed)}")
    _print_wrong(results)
    print("  (Nearly all others are denied because they are on these lists: that proves nothing and is not counted.)")


def _print_wrong(results: list[Result]) -> int:
    wrong = [result for result in results if result.wrong]
    for result in wrong:
        print(f"  WRONG: {result.case.website!r}, {result.case.name}: {result.outcome.value} by {result.rule}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
