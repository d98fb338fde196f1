"""Every mistake of one document, each with its place, raised together."""

from __future__ import annotations

from typing import TypeAlias

from git_registry.errors import InvalidDocument

At: TypeAlias = "tuple[At, str | int] | None"
"""A place in a document: the enclosing place and a field or index; None is the document itself."""

_MOST = 100


def field_path(at: At) -> str:
    """Return a place as errors name it: `files[3].uri`."""
    steps: list[str] = []
    while at is not None:
        at, step = at
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return "".join(reversed(steps)).removeprefix(".")


class Problems:
    """What was found wrong so far.

    Attributes:
        count: how many mistakes there were; the first hundred are kept.
    """

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[InvalidDocument] = []

    def add(self, where: str, at: At, message: str, hint: str = "") -> None:
        """Remember a mistake at a field of the document or line that `where` names."""
        self.count += 1
        if len(self._kept) < _MOST:
            path = field_path(at)
            self._kept.append(
                InvalidDocument(message, where=f"{where}: {path}" if path else where, hint=hint)
            )

    def done(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            InvalidDocument: the one mistake, or all of them under the first one's message.
        """
        if len(self._kept) == 1:
            raise self._kept[0]
        if self._kept:
            first = self._kept[0]
            message = f"{first.message} (and {self.count - 1} more)"
            raise InvalidDocument(message, where=first.where, hint=first.hint, problems=tuple(self._kept))
