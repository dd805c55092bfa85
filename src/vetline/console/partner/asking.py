"""The form by which a partner asks: read, checked for what only a form can get wrong, and made a submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlencode
from uuid import UUID, uuid4

from vetline.desk.partner import Submission
from vetline.vetting.applicant import Claim
from vetline.vetting.words import Programme, Segment
from vetline.wire.reading import MAX_TEXT

_FIELDS = ("segment", "website", "code")


@dataclass(frozen=True, slots=True)
class Asking:
    """A form as somebody filled it in.

    Parameters:
        programme: what is asked for.
        segment, website, code: as they were typed; empty where the form has no such field.
        id: a GUID that is the same however often the form is sent.
    """

    programme: Programme
    segment: str = ""
    website: str = ""
    code: str = ""
    id: str = ""

    @property
    def problems(self) -> dict[str, str]:
        """What has to be mended before anything is sent: the name of a text for each such field."""
        return {name: problem for name in _FIELDS if (problem := self._problem_of(name))}

    def _problem_of(self, name: str) -> str:
        match self.programme, name:
            case Programme.EDUCATION, "segment" if self.segment not in {one.value for one in Segment}:
                return "segment_missing"
            case Programme.EDUCATION, "website" if not self.website:
                return "website_missing"
            case Programme.EDUCATION, "website" if len(self.website) > MAX_TEXT or not self.website.isprintable():
                return "website_unreadable"
            case Programme.GOVERNMENT, "code" if not self.code:
                return "code_missing"
        return ""

    @property
    def text(self) -> str:
        """The form as the query of an address."""
        return urlencode({name: value for name in ("id", *_FIELDS) if (value := getattr(self, name))})

    @property
    def claim(self) -> Claim:
        """What the form says of the customer."""
        return Claim(Segment(self.segment), self.website) if self.programme is Programme.EDUCATION else Claim()

    def submission(self, partner: str, customer: str, actor: str) -> Submission:
        """Return what is asked for by a form without problems."""
        code = self.code if self.programme is Programme.GOVERNMENT else ""
        return Submission(partner, customer, self.programme, self.claim, code, actor)

    def key(self, customer: str) -> bytes:
        """Return the 16 bytes by which a second sending of the same form is recognised."""
        return blake2b(f"page {customer} {self.programme.value} {self.id}".encode(), digest_size=16).digest()


def filled(programme: Programme, form: Mapping[str, str]) -> Asking:
    """Return a form as it was filled in; one without a sound id gets a new one, and so stands for itself."""
    try:
        name = str(UUID(form.get("id", "")))
    except ValueError:
        name = str(uuid4())
    segment, website, code = (form.get(field, "").strip() for field in _FIELDS)
    return Asking(programme, segment, website, code[:128], name)
