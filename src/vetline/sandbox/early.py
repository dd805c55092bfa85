"""What a sandbox can begin with while the rest of it is still being loaded: its signing key.

Making one takes a tenth of a second of a processor, and nothing that the interpreter is needed for: in a thread it
costs a start no time. So this file loads nothing of the sandbox.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    MakeKey = Callable[[], RSAPrivateKey]

KEY_FILE = "issuer.pem"


def early_key(data: Path | None) -> "MakeKey | None":
    """Begin to make a signing key, unless one was kept; return what waits for it.

    Parameters:
        data: where the sandbox keeps everything between runs; `None` when it keeps nothing.
    """
    if data and (data / KEY_FILE).exists():
        return None
    return ThreadPoolExecutor(1, "vetline-key").submit(_make).result


def _make() -> "RSAPrivateKey":
    from vetline.identity.signing_key import new_key

    return new_key()
