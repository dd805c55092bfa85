"""Which application asks the authority for a token: its form says so, for there is no token yet."""

from urllib.parse import parse_qs

from msgspec.structs import replace

from vetline.sandbox.sight.journal.exchange import Caller


def application_in(caller: Caller, form: bytes) -> Caller:
    """Return the caller that a token request's form names."""
    try:
        found = parse_qs(form.decode("ascii"), max_num_fields=64).get("client_id", [""])
    except ValueError:
        return caller
    return replace(caller, application=found[0][:200]) if found[0] else caller
