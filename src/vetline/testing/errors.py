"""What is raised when a sandbox does not do what a test asks."""


class SandboxError(Exception):
    """A sandbox did not start, does not answer, or refused; the sentence says what to do."""
