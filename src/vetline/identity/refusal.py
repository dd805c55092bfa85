"""Why a token is refused: the closed list, and the exception that carries it. What HTTP makes of it is the API's."""

from enum import Enum

_LONGEST_AUDIENCE = 256


class TokenProblem(Enum):
    """What is wrong with a token: the first problem found, and of a forgery never more than that it is one."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown-key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    TENANT = "tenant"
    ISSUER_UNREACHABLE = "issuer-unreachable"


class TokenRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """A token that does not count.

    Attributes:
        problem: which of the problems it is.
        detail: one sentence for the log; it never holds the token.
        audience: the audience seen, at most 256 characters; only with AUDIENCE.
    """

    def __init__(self, problem: TokenProblem, detail: str, audience: str | None = None) -> None:
        """Keep the problem, its detail and, for a wrong audience, the audience seen."""
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail
        self.audience = None if audience is None else audience[:_LONGEST_AUDIENCE]
