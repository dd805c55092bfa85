"""Who is at the pages: what a sign-in leaves. What somebody may do follows from the roles, and is said here only."""

from dataclasses import dataclass

from vetline.identity.caller import ADMINISTRATOR, REVIEWER


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in.

    Parameters:
        tenant: their organisation, a GUID in lower case with hyphens.
        user: their stable id, as events keep it.
        name: what to call them on a page.
        roles: as `vetline.identity.caller` gives them: Vetline's own only when an operator's tenant said so.
    """

    tenant: str
    user: str
    name: str
    roles: frozenset[str]

    @property
    def is_reviewer(self) -> bool:
        """Whether they may decide cases."""
        return REVIEWER in self.roles

    @property
    def is_administrator(self) -> bool:
        """Whether they may issue codes and undo what reviewers did."""
        return ADMINISTRATOR in self.roles

    @property
    def is_partner(self) -> bool:
        """Whether they work for a partner: nobody without a role gets in from any other tenant."""
        return not (self.is_reviewer or self.is_administrator)

    @property
    def actor(self) -> str:
        """Their name in a case's history."""
        return f"{'partner' if self.is_partner else 'reviewer'}:{self.user}"
