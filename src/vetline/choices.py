"""What can be chosen of a service, as values: by an operator's settings, or by a sandbox."""

import msgspec

from vetline.telling import WebhookChoices
from vetline.vetting.commands import Rules
from vetline.vetting.pacing import Pacing
from vetline.vetting.triage import Policy
from vetline.wire.contract import Contract, Details
from vetline.wire.contracts import DOCUMENTED


class Choices(msgspec.Struct, frozen=True):
    """What an operator, or a sandbox, chooses.

    Parameters:
        pacing: the vetting mode.
        rules: about submissions.
        policy: about the triage.
        government_role_needed: whether GCC asks for a directory role.
        deletable: whether customers can be deleted.
        requests_per_minute: a partner's limit; 0 for none.
        contract: which documents' interface partners meet.
        service_level_days: by how many business days a reviewer should have decided.
        webhooks: how webhooks are sent; `None`: nobody can register one.
    """

    pacing: Pacing = msgspec.field(default_factory=Pacing)
    rules: Rules = msgspec.field(default_factory=Rules)
    policy: Policy = msgspec.field(default_factory=Policy)
    government_role_needed: bool = True
    deletable: bool = False
    requests_per_minute: int = 0
    contract: Contract = DOCUMENTED
    service_level_days: int = 3
    webhooks: WebhookChoices | None = None

    @property
    def rules_in_force(self) -> Rules:
        """The rules, with what the contract demands beside them."""
        required = self.rules.segment_required or self.contract.details is Details.REQUIRED
        reviewed = self.rules.government_reviewed or self.contract.government_reviewed
        return msgspec.structs.replace(self.rules, segment_required=required, government_reviewed=reviewed)

    @property
    def role_needed(self) -> bool:
        """Whether GCC asks for a directory role."""
        return self.government_role_needed and self.contract.government_role_needed
