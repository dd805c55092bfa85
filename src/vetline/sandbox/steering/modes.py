"""The vetting modes by the names that the command line and the documents give them."""

from datetime import timedelta

from vetline.vetting.pacing import Latitude, Pacing

MODES = "auto, immediate, after:SECONDS, after-polls:N or by-hand"

_PLAIN = {
    "auto": Pacing(),
    "immediate": Pacing(latitude=Latitude.ALWAYS),
    "by-hand": Pacing(latitude=Latitude.NEVER),
}


def pacing_named(text: str) -> Pacing:
    """Return a vetting mode by its name.

    Parameters:
        text: ``auto``, ``immediate``, ``after:90``, ``after-polls:3`` or ``by-hand``.

    Raises:
        ValueError: there is no such mode; the sentence names those there are.
    """
    if (plain := _PLAIN.get(text)) is not None:
        return plain
    name, _, figure = text.partition(":")
    if name not in ("after", "after-polls") or not (figure.isascii() and figure.isdigit() and len(figure) < 9):
        raise ValueError(f"'{text}' is no vetting mode: give {MODES}.")
    if name == "after":
        return Pacing(delay=timedelta(seconds=int(figure)), latitude=Latitude.ALWAYS)
    return Pacing(delay=None, latitude=Latitude.ALWAYS, polls=int(figure))
