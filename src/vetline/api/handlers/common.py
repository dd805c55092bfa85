"""What several operations need."""

from vetline.api.call import Call
from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of


def customer_of(call: Call) -> str:
    """Return the customer in a call's path.

    Raises:
        FaultError: InvalidCustomerId when it is no GUID.
    """
    return guid_in(call, "customer_id")


def guid_in(call: Call, name: str) -> str:
    """Return a GUID in a call's path, in lower case and without braces.

    Raises:
        FaultError: InvalidCustomerId.
    """
    guid = guid_of(call.parameters[name])
    if guid is None:
        raise FaultError(faults.INVALID_CUSTOMER_ID)
    return guid
