"""What a review says: as lines, as JSON, and as Markdown for a comment on a forge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from shlex import join

from git_registry.cli import markdown, shapes
from git_registry.cli.answers import review_automations, review_shapes
from git_registry.cli.answers.review_sections import doing, sections
from git_registry.cli.answers.sections import Section, fitted
from git_registry.cli.answers.verdict import Answer, gate, headline
from git_registry.cli.shapes import Shape
from git_registry.index.numbers import Numbers
from git_registry.model.events import Event
from git_registry.review.ordering import is_protected
from git_registry.review.undoing import Undo, undo
from git_registry.sdk.event_facts import versions_of
from git_registry.sdk.prospects import State
from git_registry.sdk.reviewing import Look, Review
from git_registry.sdk.views import shown
from git_registry.wording.sizes import counted

MARK = "<!-- git-registry review -->"
"""By this a pipeline finds its comment again, to replace it."""

MOST = 60_000
"""Bytes of a comment: GitHub takes 65,536 characters."""

_FRAME, _SHARE, _UNDO, _LONGEST_COMMAND = 14_000, 4_500, 3_000, 1_500
"""Bytes for what is no section; those a section has for sure; those of all that undoes it; of a command."""

_WHOLE = "The last command below tells all."

_CODE = re.compile(r"[ !-;=?-_a-{}~\w]+")
"""What may stand between backticks: no backtick, nothing that opens a tag, no line end, no bar."""


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
        proposal = self.review.proposal
        request = f"Request {self.number}" if self.number else "This request"
        subject = f"The proposal {proposal.name}" if proposal else request
        found = headline(self.review.judgement, subject)
        asking = ", ".join(dict.fromkeys(one.principal for one in self.review.objections))
        if self.verdict == State.OBJECTED:
            found = f"{subject} is not to be merged yet: {asking} asked for changes"
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
        return undo(self._happened, lambda path, version: shown(self._known, path, version))

    @cached_property
    def sections(self) -> Sequence[Section]:
        """Return the tables."""
        return tuple(sections(self.review, self._known))

    @property
    def again(self) -> str:
        """Return the command that says the same anywhere else.

        What a proposal waits for is in refs, and what it is merged into moves: of one it names the commit.
        """
        judged, told = self.review.judgement, self.review.told
        if self.review.proposal:
            return join([*_REVIEW, self.review.proposal.name, *self._commit, *_LOOKING[self.review.look]])
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
        return join(["git", "registry", "approve", proposal.name, *self._commit])

    @property
    def _commit(self) -> Sequence[str]:
        return "--commit", self.review.judgement.head

    def lines(self) -> Iterator[str]:
        """Yield it for a terminal or a log."""
        yield f"{self.headline}."
        yield self.extent
        for section in self.sections:
            yield from section.text()
        if self.undo.commands:
            yield from ("", "To undo it once it is merged", *(f"  {one}" for one in self.undo.commands))
        if self.undo.remark:
            yield f"  {self.undo.remark}."
        if self.approving:
            yield from ("", "To approve just this", f"  {self.approving}")
        yield from ("", f"{self._judged}. The same again:", f"  {self.again}")

    def comment(self) -> Iterator[str]:
        """Yield the lines of a comment, of `MOST` bytes at most; what others wrote in it does nothing."""
        yield MARK
        yield f"### Registry review: {self._word}"
        yield from ("", f"{markdown.plain(self.headline)}. {self.extent}")
        yield from _roomy(self.sections)
        yield from self._undoing()
        if self.approving:
            yield from ("", "**To approve just this**", "", f"- {_command(self.approving)}")
        yield from ("", f"{markdown.plain(self._judged)}. The same again:", "", f"- {_command(self.again)}")

    def request(self) -> Iterator[str]:
        """Yield what a forge's request says: what it does, and not what is thought of that meanwhile."""
        yield self.extent
        yield from _roomy(tuple(doing(self.review, self._known)))
        yield from self._undoing()
        proposal = self.review.proposal
        if proposal:
            shows = _command(join([*_REVIEW, proposal.name]))
            yield from ("", "What it takes, and who approved it:", "", f"- {shows}")

    def shape(self) -> Shape:
        """Return it as JSON has it: what `check` says, and the rest of it."""
        review, answer = self.review, Answer(self.review.judgement, self._known, self.number)
        return {
            **answer.shape(),
            "verdict": self.verdict,
            "proposal": review.proposal.name if review.proposal else None,
            "events": [{**answer.event(one), "protected": is_protected(one)} for one in review.events],
            "gates_later": [gate(one) for one in review.later],
            "why": review.why or None,
            "objections": [{"by": one.principal, "text": one.said} for one in review.objections],
            "awaited": [
                {
                    "paths": list(one.paths),
                    "message": one.message,
                    "who": list(one.who),
                    "more": one.more,
                }
                for one in review.awaited
            ],
            "versions": [review_shapes.replacement(one) for one in review.replacements],
            "read_by_gates": [review_shapes.vouched(one) for one in review.vouched],
            "automations": [review_automations.shape(one) for one in review.altered],
            "starts": [review_shapes.starting(one, self._known) for one in review.starting],
            "blobs": [review_shapes.checked(one) for one in review.blobs],
            "left_out": {
                "versions": review.uncompared,
                "blobs": review.unlooked,
                "automations": review.unread,
            },
            "undo": shapes.undo(self.undo),
            "again": self.again,
        }

    @property
    def _happened(self) -> Sequence[Event]:
        return [one.event for one in self.review.events]

    @cached_property
    def _known(self) -> Numbers:
        """Return the numbers, those of all that is named looked up at one go."""
        self.known.learn(set(versions_of(self._happened)))
        return self.known

    @property
    def _word(self) -> str:
        if self.review.judgement.is_merged:
            return "nothing to merge"
        return f"{self.verdict}, but blobs are missing" if self._bereft else self.verdict

    @property
    def _bereft(self) -> Sequence[str]:
        """Return the versions that have no blobs."""
        return [one.version.path for one in self.review.blobs if one.exists == "no"]

    @property
    def _judged(self) -> str:
        judged = self.review.judgement
        made = f", which makes the tree {judged.tree}" if judged.tree else ""
        return (
            f"Judged {judged.head}, merged by {judged.actor} into {judged.base}{made}, "
            f"by the rules at {judged.base[:8]}"
        )

    def _undoing(self) -> Iterator[str]:
        if self.undo.commands:
            yield from ("", "**To undo it once it is merged**", "")
        told = [_command(one) for one in self.undo.commands]
        shown = [
            one for one, size in zip(told, accumulate(len(one.encode()) for one in told)) if size <= _UNDO
        ]
        yield from (f"- {one}" for one in shown)
        if len(shown) < len(told):
            yield f"- {counted(len(told) - len(shown), 'more command')}, which had no room here"
        if self.undo.remark:
            yield from ("", f"{markdown.plain(self.undo.remark)}.")


def _roomy(sections: Sequence[Section]) -> Iterator[str]:
    """Yield sections as Markdown, after what had no room."""
    told = fitted(sections, most=MOST - _FRAME, share=_SHARE)
    if told.left_out:
        yield from ("", f"**Not all of it is here**: {told.left_out} had no room. {_WHOLE}")
    yield from told.lines


_REVIEW = ("git", "registry", "review")
_LOOKING = {Look.NONE: ["--no-blobs"], Look.SIZES: [], Look.DIGESTS: ["--digests"]}


def _command(command: str) -> str:
    """Return a command as it may be copied, or without what makes it code if it holds what ends that."""
    is_code = _CODE.fullmatch(command)
    if len(command.encode()) > _LONGEST_COMMAND or (not is_code and markdown.cut([command])):
        return f"{markdown.plain(command[:_CUT])} … (it is longer than there is room for)"
    return f"`{command}`" if is_code else markdown.plain(command)


_CUT = 200
