"""With unittest the class has a sandbox, and each test a world in it."""

from unittest import TestCase

from vetline.testing import SandboxProcess, sandbox


class Qualifications(TestCase):
    """What a partner asks for."""

    running: SandboxProcess

    @classmethod
    def setUpClass(cls) -> None:
        """Start one sandbox for all tests."""
        cls.running = cls.enterClassContext(sandbox(vetting="immediate"))

    def setUp(self) -> None:
        """Give each test a world."""
        self.world = self.enterContext(self.running.world())

    def test_a_university_is_approved(self) -> None:
        """The first look already shows it."""
        customer = self.world.customer("harvard.edu")
        qualification = self.world.client().customers.by_id(customer.id).qualification
        qualification.create_qualifications("Education")
        assert qualification.get_qualifications()[0].vetting_status == "Approved"

    def test_nobody_has_asked_yet(self) -> None:
        """What the other test does, this one does not see."""
        customer = self.world.customer("harvard.edu")
        qualification = self.world.client(app_only=True).customers.by_id(customer.id).qualification
        assert qualification.get_qualifications() == []
