"""What the shell offers after a tab. Nothing here may fail or speak: a completion that complains is worse than none."""

from collections.abc import Iterable

from vetline.cli.failing import CliError


def profiles(incomplete: str) -> list[str]:
    """Return the profiles whose names begin so."""
    from vetline.cli.profiles import SANDBOX, all_profiles

    try:
        names = [*all_profiles(), SANDBOX]
    except CliError:
        names = [SANDBOX]
    return _beginning(names, incomplete)


def qualifications(incomplete: str) -> list[str]:
    """Return the qualifications that can be asked for."""
    from vetline.wire import words

    return _beginning(words.SETTABLE, incomplete)


def segments(incomplete: str) -> list[str]:
    """Return the education segments."""
    from vetline.wire import words

    return _beginning(words.SEGMENTS, incomplete)


def reasons(incomplete: str) -> list[tuple[str, str]]:
    """Return the numbers of the reasons, each with its text."""
    from vetline.wire import words

    numbered = [(str(number), text) for number, text in enumerate(words.REASONS, 1)]
    return [pair for pair in numbered if pair[0].startswith(incomplete)]


def clouds(incomplete: str) -> list[str]:
    """Return the clouds."""
    from vetline.sdk.clouds import CLOUDS

    return _beginning(CLOUDS, incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    folded = incomplete.casefold()
    return sorted(name for name in names if name.casefold().startswith(folded))
