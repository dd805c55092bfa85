"""What is raised when a sandbox does not do what a test asks."""


class SandboxError(Exception):
    """A sandbox did not start, does not answer, or refused; the sentence says what to do.

    Attributes:
        status: the status of its refusal; 0 when it did not answer.
    """

    def __init__(self, sentence: str, status: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
