"""What is in the addresses of a partner's pages: customers and programmes."""

from vetline.console.failing import NotHereError
from vetline.console.visit import Visit
from vetline.vetting.words import Programme
from vetline.wire.paths import guid_of


def customer_in(visit: Visit) -> str:
    """Return the customer in a page's address.

    Raises:
        NotHereError: it is no GUID.
    """
    guid = guid_of(visit.parameter("customer"))
    if guid is None:
        raise NotHereError
    return guid


def programme_in(visit: Visit) -> Programme:
    """Return the programme in a page's address.

    Raises:
        NotHereError: there is no such programme.
    """
    try:
        return Programme(visit.parameter("programme"))
    except ValueError:
        raise NotHereError from None
