"""What docstrings say, for the documents."""

import re


def said(kind: type, name: str) -> str:
    """Return what a docstring says of a field, in one line."""
    entries = re.split(r"\n        (?=[a-z_]+(?:, [a-z_]+)*: )", (kind.__doc__ or "").partition("Parameters:")[2])
    for entry in entries:
        names, _, text = entry.strip().partition(": ")
        if name in names.split(", "):
            return " ".join(text.split()).replace("``", "`")
    raise ValueError(f"{name} is not documented in {kind.__name__}")
