"""Access tokens, kept between commands: a hundred commands ask for one token, not for a hundred.

A token is kept in a file of mode 0600 until shortly before it ends. One process at a time renews it: a refresh token
that rotates is good only once.
"""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec
import platformdirs

from vetline.cli.failing import CliError
from vetline.cli.locking import FileLock
from vetline.cli.profiles import Profile, private_folder
from vetline.cli.vault import read_private
from vetline.files import replace_file
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Ask, Conversation
from vetline.sdk.tokens import AccessToken, TokenSource

# A kept token has to last for a command, not only for a request.
SPARE_SECONDS = 300.0


class _Kept(msgspec.Struct):
    """What is in the file: the token, and the sign-in that it came from."""

    profile: str
    token: str
    ends: float


def kept_tokens(name: str) -> Path:
    """Return where the access token of a profile is kept."""
    return platformdirs.user_cache_path("vetline", appauthor=False) / "tokens" / f"{name}.json"


class KeptTokens:
    """A source of tokens that asks another only when the kept token is no good.

    The client keeps a token while it may be used, so that a second question means that the first answer was refused.

    Parameters:
        name: the profile's.
        profile: the sign-in that the token has to come from.
        source: gives where fresh tokens come from; called under the lock, so that it sees the newest refresh token.
    """

    def __init__(self, name: str, profile: Profile, source: Callable[[], TokenSource]) -> None:
        self._file = kept_tokens(name)
        self._lock = FileLock(self._file)
        self._profile = fingerprint(profile)
        self._source = source
        self._given = ""

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token."""
        yield Ask(self._lock.acquire)
        try:
            found = self._read(around.wall()) or (yield from self._source().conversation(around))
            self._write(found)
        finally:
            self._lock.release()
        self._given = found.token
        return found

    def _read(self, now: float) -> AccessToken | None:
        try:
            kept = msgspec.json.decode(read_private(self._file), type=_Kept)
        except (OSError, CliError, msgspec.DecodeError):
            return None
        good = kept.profile == self._profile and kept.ends - SPARE_SECONDS > now and kept.token != self._given
        return AccessToken(kept.token, kept.ends) if good else None

    def _write(self, found: AccessToken) -> None:
        if found.ends is None:
            return
        keep_token(self._file, self._profile, found.token, found.ends)


def keep_token(file: Path, profile: str, token: str, ends: float) -> None:
    """Keep a token; where it cannot be kept, the next command asks for another."""
    try:
        private_folder(file.parent)
        replace_file(file, msgspec.json.encode(_Kept(profile, token, ends)))
    except OSError:
        return


def forget_token(name: str) -> None:
    """Forget the access token of a profile."""
    # The lock stays: another process may wait for it, and a new file would be another lock.
    with suppress(FileNotFoundError, NotADirectoryError):
        kept_tokens(name).unlink()


def fingerprint(profile: Profile) -> str:
    """Return what tells one sign-in from another."""
    return sha256(msgspec.json.encode(profile)).hexdigest()
