"""What there is to say of a proposal, or of a request, before it is shown anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from shlex import join

from git_registry.index.numbers import Numbers
from git_registry.model.events import Event
from git_registry.review.undoing import Undo, undo
from git_registry.sdk.event_facts import versions_of
from git_registry.sdk.prospects import State
from git_registry.sdk.reviewing import Look, Review
from git_registry.sdk.views import shown
from git_registry.wording.review import doing, sections
from git_registry.wording.sections import Section
from git_registry.wording.sizes import counted
from git_registry.wording.verdict import headline, subject

_REVIEW = ("git", "registry", "review")
_LOOKING = {Look.NONE: ["--no-blobs"], Look.SIZES: [], Look.DIGESTS: ["--digests"]}


@dataclass(frozen=True)
class Summary:
    """What is said of a proposal, or of a request.

    Attributes:
        known: the version numbers at its base.
        number: what a forge calls it; empty if nobody says.
    """

    review: Review
    known: Numbers
    number: str = ""

    @property
    def headline(self) -> str:
        """Return the verdict in a sentence, what has no blobs, and whether somebody asks for changes."""
        named = subject(self.number, self.review.proposal)
        found = headline(self.review.judgement, named)
        asking = ", ".join(dict.fromkeys(one.principal for one in self.review.objections))
        if self.verdict == State.OBJECTED:
            found = f"{named} is not to be merged yet: {asking} asked for changes"
        elif asking:
            found += f"; {asking} asked for changes"
        return f"{found}; blobs are missing of {', '.join(self._bereft)}" if self._bereft else found

    @property
    def verdict(self) -> str:
        """Return the verdict in a word or two; where all is well but that, that somebody asks for changes."""
        judged = self.review.judgement
        if judged.verdict.is_allowed and not judged.is_merged and self.review.objections:
            return State.OBJECTED
        return judged.verdict.word

    @property
    def title(self) -> str:
        """Return the verdict as a title has it, and whether blobs are missing."""
        if self.review.judgement.is_merged:
            return "nothing to merge"
        return f"{self.verdict}, but blobs are missing" if self._bereft else self.verdict

    @property
    def extent(self) -> str:
        """Return how much it changes."""
        review = self.review
        if not review.events:
            return "Nothing in the registries changes."
        protected = counted(len(review.protected), "protected change")
        return f"{protected}, {counted(len(review.others), 'other', 'others')}."

    @cached_property
    def undo(self) -> Undo:
        """Return what would undo it."""
        return undo(self._happened, lambda path, version: shown(self.numbers, path, version))

    @cached_property
    def sections(self) -> Sequence[Section]:
        """Return the tables."""
        return tuple(sections(self.review, self.numbers))

    @property
    def doing(self) -> Sequence[Section]:
        """Return the tables of what it does, without what is thought of that meanwhile."""
        return tuple(doing(self.review, self.numbers))

    @property
    def again(self) -> str:
        """Return the command that says the same anywhere else.

        What a proposal waits for is in refs, and what it is merged into moves: of one it names the commit.
        """
        judged, told = self.review.judgement, self.review.told
        if self.review.proposal:
            return join([*_REVIEW, self.review.proposal.name, *self._at, *_LOOKING[self.review.look]])
        words = [*_REVIEW, f"{judged.base}..{judged.head}", "--actor", told.actor]
        for option, values in (("--author", told.authors), ("--approved-by", told.approved_by)):
            words += [word for value in values for word in (option, value)]
        words += ["--host", told.host] if told.host else []
        words += ["--number", self.number] if self.number else []
        words += [] if told.stepwise else ["--merge"]
        words += _LOOKING[self.review.look]
        return join(words)

    @property
    def approving(self) -> str:
        """Return the command that approves what was looked at, and nothing newer.

        Empty if a forge asks, or an approval would not help.
        """
        proposal, judged = self.review.proposal, self.review.judgement
        if proposal is None or judged.is_merged or judged.verdict.word == "refused":
            return ""
        return join(["git", "registry", "approve", proposal.name, *self._at])

    @property
    def showing(self) -> str:
        """Return the command that tells all of a proposal; empty if a forge asks."""
        return join([*_REVIEW, self.review.proposal.name]) if self.review.proposal else ""

    @property
    def basis(self) -> str:
        """Return what was judged, and by which rules."""
        judged = self.review.judgement
        made = f", which makes the tree {judged.tree}" if judged.tree else ""
        return (
            f"Judged {judged.head}, merged by {judged.actor} into {judged.base}{made}, "
            f"by the rules at {judged.base[:8]}"
        )

    @cached_property
    def numbers(self) -> Numbers:
        """Return the numbers, those of all that is named looked up at one go."""
        self.known.learn(set(versions_of(self._happened)))
        return self.known

    @property
    def _happened(self) -> Sequence[Event]:
        return [one.event for one in self.review.events]

    @property
    def _bereft(self) -> Sequence[str]:
        """Return the versions that have no blobs."""
        return [one.version.path for one in self.review.blobs if one.exists == "no"]

    @property
    def _at(self) -> Sequence[str]:
        return "--commit", self.review.judgement.head
