"""What all models have in common."""

import msgspec


class Model(msgspec.Struct, frozen=True):
    """A value whose text shows what it says, without what is empty, and without `raw`, which says it all again."""

    def __repr__(self) -> str:
        """Return it as it could be written, without secrets."""
        shown = ((name, getattr(self, name)) for name in self.__struct_fields__ if name not in ("raw", "password"))
        said = ", ".join(f"{name}={value!r}" for name, value in shown if value not in (None, "", (), {}))
        return f"{type(self).__name__}({said})"
