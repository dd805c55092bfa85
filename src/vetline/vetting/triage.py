"""The triage: decide when the data is sure, else refer to a person.

`RULES` is the whole of it, read from the top: every rule that fires leaves its evidence, the first one with an outcome
decides. Contradictions stand above approvals, so nothing is approved that something speaks against.
"""

from collections.abc import Callable

import msgspec

from vetline.vetting import rules
from vetline.vetting.evidence import Evidence, Outcome, Verdict
from vetline.vetting.facts import Facts
from vetline.vetting.rules import Policy, Seen
from vetline.vetting.words import Reason

__all__ = ["RULES", "Policy", "Rule", "triage"]


class Rule(msgspec.Struct, frozen=True):
    """One row of the table.

    Parameters:
        name: how evidence and verdict call it.
        looks: what fires it.
        outcome: what follows, `None` when it only leaves evidence.
        says: one sentence for the applicant about what to do next; empty without an outcome.
    """

    name: str
    looks: Callable[[Facts, Policy], Seen | None]
    outcome: Outcome | None = None
    says: str = ""


_WELCOME = "Your institution is recognised, and there is nothing more for you to do."
_WAIT = "A person is looking at your case, and there is nothing for you to do until they answer"
_WEBSITE = "A person is looking at your case; please have your institution's own website address at hand."
_PROOF = "A person is looking at your case; a document that shows your accreditation or charter will help them."
_NAME = "A person is looking at your case; please check that the company name is your institution's full legal name."
_DOMAINS = "A person is looking at your case; please be ready to show that your domain and website belong together."
_ADDRESS = "A person is looking at your case; please check the country and the postal code in the company profile."
_SEGMENT = "A person is looking at your case; please check which education segment you belong to."
_DENIED = "This address is not an institution's own: please submit again with the website of your institution."

APPROVE, DENY, REFER = Outcome.APPROVE, Outcome.DENY, Outcome.REFER

RULES: tuple[Rule, ...] = (
    # What cannot be read cannot be judged.
    Rule("no-site", rules.no_site, REFER, _WEBSITE),
    Rule("suspicious-site", rules.suspicious_site, REFER, _WEBSITE),
    # The operator's refusal, and the operator's doubt.
    Rule("override-deny", rules.override_denies, DENY, _DENIED),
    Rule("override-refer", rules.override_refers, REFER, f"{_WAIT}."),
    # A mail service is nobody's institution, except where the lists are wrong.
    Rule("mail-service-of-institution", rules.mail_service_of_institution, REFER, _PROOF),
    Rule("mail-service", rules.mail_service, DENY, _DENIED),
    # Contradictions within what the partner says.
    Rule("domains-disagree", rules.domains_disagree, REFER, _DOMAINS),
    Rule("countries-disagree", rules.countries_disagree, REFER, _ADDRESS),
    Rule("address-faulty", rules.address_faulty, REFER, _ADDRESS),
    Rule("segment-contradicted", rules.segment_contradicted, REFER, _SEGMENT),
    # The operator's trust stands above the lists' doubts, below the contradictions.
    Rule("override-approve", rules.override_approves, APPROVE, _WELCOME),
    # The lists' own doubts.
    Rule("alumni-site", rules.alumni_site, REFER, _WEBSITE),
    Rule("stop-listed", rules.stop_listed, REFER, _PROOF),
    Rule("umbrella", rules.umbrella, REFER, _NAME),
    Rule("name-differs", rules.name_differs, REFER, _NAME),
    Rule("name-agrees", rules.name_agrees),
    # Sure.
    Rule("listed-institution", rules.listed_institution, APPROVE, _WELCOME),
    Rule("trusted-suffix", rules.trusted_suffix, APPROVE, _WELCOME),
    # Nothing sure is known.
    Rule("open-suffix", rules.open_suffix, REFER, _PROOF),
    Rule("reserved-suffix", rules.reserved_suffix, REFER, _PROOF),
    Rule("unlisted", rules.unlisted, REFER, _PROOF),
    # Worth a reviewer's glance, never a reason.
    Rule("segment-missing", rules.segment_missing),
    Rule("contact-by-mail-service", rules.contact_by_mail_service),
    Rule("address-doubtful", rules.address_doubtful),
)


def triage(facts: Facts, policy: Policy = Policy()) -> Verdict:  # noqa: B008 - frozen, so sharing it is harmless
    """Judge one case.

    Parameters:
        facts: what the reference data says.
        policy: what the operator trusts beyond it.

    Returns:
        The verdict, with the evidence of every rule that fired.
    """
    fired = [(rule, seen) for rule in RULES if (seen := rule.looks(facts, policy)) is not None]
    evidence = tuple(Evidence(rule.name, seen.saw, seen.source.dataset, seen.source.version) for rule, seen in fired)
    decisive = next(rule for rule, _ in fired if rule.outcome is not None)
    return _verdict(decisive, evidence)


def _verdict(rule: Rule, evidence: tuple[Evidence, ...]) -> Verdict:
    outcome = rule.outcome or Outcome.REFER
    reason = Reason.NOT_ACADEMIC_DOMAIN if outcome is Outcome.DENY else None
    return Verdict(outcome, rule.name, evidence, rule.says, reason)
