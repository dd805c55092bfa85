"""What somebody's roles allow them to ask for, however they ask."""

from collections.abc import Set as AbstractSet

from vetline.vetting.words import Programme

# For GCC one of these is needed, through GDAP.
# https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous
GOVERNMENT_ROLES = frozenset({"DirectoryReaders", "DirectoryWriters", "LicenseAdministrator", "UserAdministrator"})


class Permissions:
    """Who may ask for what.

    Parameters:
        government_role_needed: whether GCC asks for one of the directory roles.
    """

    def __init__(self, *, government_role_needed: bool) -> None:
        self._government_role_needed = government_role_needed

    def allow(self, programme: Programme, roles: AbstractSet[str]) -> bool:
        """Return whether somebody with these roles may ask for a programme."""
        needed = self._government_role_needed and programme is Programme.GOVERNMENT
        return not needed or bool(GOVERNMENT_ROLES & roles)
