"""With pytest the fixture is enough: it comes with `pip install 'vetline[sandbox]'`."""

from vetline.testing import World


def test_a_denial_is_reported(vetline_world: World) -> None:
    """Each test has a world: its customers, its codes, its clock, its vetting."""
    vetline_world.decide_next("Denied", "Not an eligible Library")
    qualification = vetline_world.client().customers.by_id(vetline_world.customer("harvard.edu").id).qualification
    qualification.create_qualifications("Education")
    decided = qualification.wait_for_decision("Education", timeout=30)
    assert decided.vetting_reason == "Not an eligible Library"


def test_three_days_pass_in_a_moment(vetline_world: World) -> None:
    """What becomes due is done when the clock has moved."""
    vetline_world.vetting.mode("after:172800")
    customer = vetline_world.customer("harvard.edu")
    qualification = vetline_world.client().customers.by_id(customer.id).qualification
    qualification.create_qualifications("Education")
    assert qualification.get_qualifications()[0].vetting_status == "InReview"
    vetline_world.clock.advance("3 business days")
    assert qualification.get_qualifications()[0].vetting_status == "Approved"
