"""Who is being vetted, and what is claimed for them."""

import msgspec

from vetline.vetting.words import Segment


class PostalAddress(msgspec.Struct, frozen=True):
    """An address as the partner wrote it; nothing in it is checked yet.

    Parameters:
        country: ISO 3166-1 alpha-2, upper case; empty when unknown.
        region: state, province or county.
        city: the place.
        lines: street lines, top first.
        postal_code: as written.
    """

    country: str = ""
    region: str = ""
    city: str = ""
    lines: tuple[str, ...] = ()
    postal_code: str = ""


class Applicant(msgspec.Struct, frozen=True):
    """The customer, from its company profile: the partner's words, hostile until checked.

    Parameters:
        company_name: the legal name.
        domains: the customer's own domains, the primary one first.
        address: where it says it sits.
        email: a contact address; may be empty.
    """

    company_name: str
    domains: tuple[str, ...]
    address: PostalAddress = PostalAddress()
    email: str = ""


class Claim(msgspec.Struct, frozen=True):
    """What a submission adds about the customer.

    Parameters:
        segment: the education segment, `None` when the partner gave none.
        website: free text from the partner: a host, a URL, or an attack.
    """

    segment: Segment | None = None
    website: str | None = None
