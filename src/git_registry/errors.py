"""Every error a user can meet: what happened, where, what next, and the exit code it ends with.

The codes are a contract (DESIGN §9), kept by the command line and by scripts that call it. Most are a
`ValueError` or `LookupError` besides, because that is what scripts written for W&B catch.
"""

from __future__ import annotations

from typing import ClassVar


class RegistryError(Exception):
    """Something a user can act upon. Raised as is only for what has no better name.

    Attributes:
        message: what happened, one sentence, without a final full stop.
        where: the file, field, reference or URI it happened at; empty if there is none.
        hint: what to do next; empty if there is nothing to say.
    """

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        if hint:
            self.add_note(f"hint: {hint}")  # so that a traceback says it, too

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(RegistryError, ValueError):
    """The command or call itself is wrong: a bad name, selector, option or environment."""

    exit_code = 2
    kind = "usage"


class InvalidDocument(RegistryError, ValueError):
    """A document does not follow its format.

    Attributes:
        problems: every mistake found, each an `InvalidDocument` of its own; at least one.
            An error made from one message is its own and only problem.
    """

    exit_code = 3
    kind = "invalid-document"

    def __init__(
        self, message: str, *, where: str = "", hint: str = "", problems: tuple[InvalidDocument, ...] = ()
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.problems = problems or (self,)

    def under(self, parent: str) -> InvalidDocument:
        """Return the same problem as seen from the enclosing document, directory or field."""
        where = f"{parent}:{self.where}" if self.where else parent
        inner = () if self.problems == (self,) else tuple(p.under(parent) for p in self.problems)
        return InvalidDocument(self.message, where=where, hint=self.hint, problems=inner)


class Refused(RegistryError, ValueError):
    """A policy, or the organization's own settings, do not allow it."""

    exit_code = 4
    kind = "refused"


class NotFound(RegistryError, LookupError):
    """The thing named is not there."""

    exit_code = 5
    kind = "not-found"


class Conflict(RegistryError, ValueError):
    """Somebody or something else changed it first; nothing was overwritten."""

    exit_code = 6
    kind = "conflict"


class StoreError(RegistryError):
    """The store could not be reached, or gave something else than was put there."""

    exit_code = 7
    kind = "store"


class NetworkError(RegistryError):
    """A remote repository could not be reached or refused to talk."""

    exit_code = 7
    kind = "network"


CommError = Error = RegistryError
"""W&B's names for whatever goes wrong between a script and what it works on."""
