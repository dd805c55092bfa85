"""Mail services are denied, except where the lists of them hold an institution."""

from collections.abc import Callable

import pytest

from vetline.reference.mail import DISPOSABLE, FREE, MailServices
from vetline.vetting.applicant import PostalAddress
from vetline.vetting.evidence import Outcome, Verdict
from vetline.vetting.words import Reason

Judge = Callable[..., Verdict]


@pytest.mark.parametrize("website", ["gmail.com", "https://www.gmail.com/", "GMX.de", "mailinator.com", "oxfo.edu.pl"])
def test_a_mail_service_is_denied(judge: Judge, website: str) -> None:
    verdict = judge("Contoso School", website)
    assert (verdict.outcome, verdict.reason) == (Outcome.DENY, Reason.NOT_ACADEMIC_DOMAIN)


@pytest.mark.parametrize(
    ("domain", "name", "country"),
    [
        ("nus.edu.sg", "National University of Singapore", "SG"),
        ("unican.es", "Universidad de Cantabria", "ES"),
        ("berlin.de", "Land Berlin", "DE"),
    ],
)
def test_a_mail_service_that_is_an_institution_is_reviewed(judge: Judge, domain: str, name: str, country: str) -> None:
    verdict = judge(name, domain, address=PostalAddress(country))
    assert (verdict.outcome, verdict.rule) == (Outcome.REFER, "mail-service-of-institution")


def test_a_host_below_a_mail_service_is_not_the_service(judge: Judge) -> None:
    """Free hosting for small schools shares its domain with free mail."""
    assert judge("Little School", "littleschool.web.de").outcome is Outcome.REFER


def test_a_mail_service_with_an_academic_domain_of_its_own_is_reviewed(judge: Judge) -> None:
    verdict = judge("Stanford University", "gmail.com", "stanford.edu")
    assert (verdict.outcome, verdict.rule) == (Outcome.REFER, "mail-service-of-institution")


def test_the_lists_say_what_they_are_of() -> None:
    mail = MailServices()
    free, disposable = mail.find("gmail.com"), mail.find("oxfo.edu.pl")
    assert free is not None
    assert disposable is not None
    assert (free.kind, disposable.kind) == (FREE, DISPOSABLE)
    assert mail.find("stanford.edu") is None
