"""A policy's answer, which explains itself."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.model.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Why something may not be.

    Attributes:
        rule: which rule says so: `role`, `gate metrics`, `never`, `ref`, `format`, ….
        message: what is wrong, one sentence.
        path: what it is about, as a person names it; a file, a ref or a commit where there is no such name.
        event: what happened, if it was an event.
        needed, held: the role it takes, and the one the principal has, for rules about roles.
        able: who could do it, or approve it.
        hint: what to do next.
        liftable: could an approval by one of those lift it?
        more: how many of them it takes.
        given: who gave one that counts already.
        versions: the ids that the message names by their first digits.
    """

    rule: str
    message: str
    path: str = ""
    event: Event | None = None
    needed: str = ""
    held: str = ""
    able: tuple[str, ...] = ()
    hint: str = ""
    liftable: bool = False
    more: int = 1
    given: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be?

    Attributes:
        violations: why not; empty if it may.
    """

    violations: tuple[Violation, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """May it be?"""
        return not self.violations

    @property
    def word(self) -> str:
        """Return `allowed`, `needs approval` or `refused`."""
        if self.is_allowed:
            return "allowed"
        return "needs approval" if all(one.liftable for one in self.violations) else "refused"

    @property
    def able(self) -> tuple[str, ...]:
        """Return who could do or approve all of it; of those who can't alone, everybody."""
        asked = [set(one.able) for one in self.violations]
        whoever = set.intersection(*asked) if asked else set[str]()
        return tuple(sorted(whoever or (set.union(*asked) if asked and all(asked) else ())))

    def __add__(self, other: Verdict) -> Verdict:
        """Return the verdict on both."""
        return Verdict((*self.violations, *other.violations))
