"""Printing into a log: every line says first when it was written, and at which commit."""

from __future__ import annotations

from git_registry.cli.output import Output
from git_registry.cli.shapes import moment
from git_registry.errors import RegistryError
from git_registry.sdk.clock import clock

_SHORT = 12


class LogLines(Output):
    """Where a command prints that nobody waits for.

    Attributes:
        tip: the commit that the branch was at when it was opened; empty before.
    """

    tip = ""

    def line(self, text: str = "") -> None:
        """Print a line."""
        super().line(self._stamped(text))

    def note(self, text: str) -> None:
        """Tell something besides."""
        super().note(self._stamped(text))

    def error(self, error: RegistryError) -> None:
        """Say what went wrong and what to do, on one line."""
        said = (f"error: {error}", error.hint)
        self.note("; ".join(one for one in said if one))

    def _stamped(self, text: str) -> str:
        at = (moment(clock()), self.tip[:_SHORT], *text.splitlines())
        return " ".join(one for one in at if one)
