"""What a review says of what can't be merged as it is: there is nothing to judge yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.cli import markdown
from git_registry.cli.answers.review import MARK
from git_registry.cli.shapes import Shape
from git_registry.sdk.reviewing import Conflicting
from git_registry.wording.conflicts import headline, next_step


@dataclass(frozen=True)
class Unmergeable:
    """What is said of a proposal, or of a request, that conflicts with what is published.

    Attributes:
        number: what a forge calls it; empty if nobody says.
    """

    conflict: Conflicting
    number: str = ""

    def lines(self) -> Iterator[str]:
        """Yield it for a terminal or a log."""
        yield f"{self._headline}."
        yield f"{self.conflict.message}."

    def comment(self) -> Iterator[str]:
        """Yield the lines of a comment; what others wrote in it does nothing."""
        yield MARK
        yield "### Registry review: conflicts"
        yield from ("", f"{markdown.plain(self._headline)}.", "", f"{markdown.plain(self.conflict.message)}.")

    def shape(self) -> Shape:
        """Return it as JSON has it: what a review has where there is nothing to judge."""
        conflict = self.conflict
        return {
            "verdict": "conflicts",
            "number": self.number or None,
            "base": conflict.base,
            "head": conflict.head,
            "tree": None,
            "merged": False,
            "proposal": conflict.proposal.name if conflict.proposal else None,
            "conflict": conflict.message,
            "next": next_step(conflict),
            "events": [],
            "violations": [],
        }

    @property
    def _headline(self) -> str:
        return headline(self.conflict, self.number)
