"""A review as lines, as JSON, and as Markdown for a comment on a forge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from git_registry.cli import markdown, shapes
from git_registry.cli.answers import review_automations, review_shapes, verdict
from git_registry.cli.answers.sections import fitted, text
from git_registry.cli.shapes import Shape
from git_registry.review.ordering import is_protected
from git_registry.review.undoing import Undo
from git_registry.wording.sections import Section
from git_registry.wording.sizes import counted
from git_registry.wording.summary import Summary

MARK = "<!-- git-registry review -->"
"""By this a pipeline finds its comment again, to replace it."""

MOST = 60_000
"""Bytes of a comment: GitHub takes 65,536 characters."""

_FRAME, _SHARE, _UNDO, _LONGEST_COMMAND = 14_000, 4_500, 3_000, 1_500
"""Bytes for what is no section; those a section has for sure; those of all that undoes it; of a command."""

_WHOLE = "The last command below tells all."

_CODE = re.compile(r"[ !-;=?-_a-{}~\w]+")
"""What may stand between backticks: no backtick, nothing that opens a tag, no line end, no bar."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a proposal, or of a request, as it is printed."""

    summary: Summary

    def lines(self) -> Iterator[str]:
        """Yield it for a terminal or a log."""
        told, undo = self.summary, self.summary.undo
        yield f"{told.headline}."
        yield told.extent
        for section in told.sections:
            yield from text(section)
        if undo.commands:
            yield from ("", "To undo it once it is merged", *(f"  {one}" for one in undo.commands))
        if undo.remark:
            yield f"  {undo.remark}."
        if told.approving:
            yield from ("", "To approve just this", f"  {told.approving}")
        yield from ("", f"{told.basis}. The same again:", f"  {told.again}")

    def comment(self) -> Iterator[str]:
        """Yield the lines of a comment, of `MOST` bytes at most; what others wrote in it does nothing."""
        told = self.summary
        yield MARK
        yield f"### Registry review: {told.title}"
        yield from ("", f"{markdown.plain(told.headline)}. {told.extent}")
        yield from _roomy(told.sections)
        yield from _undoing(told.undo)
        if told.approving:
            yield from ("", "**To approve just this**", "", f"- {_command(told.approving)}")
        yield from ("", f"{markdown.plain(told.basis)}. The same again:", "", f"- {_command(told.again)}")

    def request(self) -> Iterator[str]:
        """Yield what a forge's request says: what it does, and not what is thought of that meanwhile."""
        told = self.summary
        yield told.extent
        yield from _roomy(told.doing)
        yield from _undoing(told.undo)
        if told.showing:
            yield from ("", "What it takes, and who approved it:", "", f"- {_command(told.showing)}")

    def shape(self) -> Shape:
        """Return it as JSON has it: what `check` says, and the rest of it."""
        review, known = self.summary.review, self.summary.numbers
        answer = verdict.Answer(review.judgement, known, self.summary.number)
        return {
            **answer.shape(),
            "verdict": self.summary.verdict,
            "proposal": review.proposal.name if review.proposal else None,
            "events": [{**answer.event(one), "protected": is_protected(one)} for one in review.events],
            "gates_later": [verdict.gate(one) for one in review.later],
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
            "starts": [review_shapes.starting(one, known) for one in review.starting],
            "blobs": [review_shapes.checked(one) for one in review.blobs],
            "left_out": {
                "versions": review.uncompared,
                "blobs": review.unlooked,
                "automations": review.unread,
            },
            "undo": shapes.undo(self.summary.undo),
            "again": self.summary.again,
        }


def _undoing(undo: Undo) -> Iterator[str]:
    if undo.commands:
        yield from ("", "**To undo it once it is merged**", "")
    told = [_command(one) for one in undo.commands]
    shown = [one for one, size in zip(told, accumulate(len(one.encode()) for one in told)) if size <= _UNDO]
    yield from (f"- {one}" for one in shown)
    if len(shown) < len(told):
        yield f"- {counted(len(told) - len(shown), 'more command')}, which had no room here"
    if undo.remark:
        yield from ("", f"{markdown.plain(undo.remark)}.")


def _roomy(sections: Sequence[Section]) -> Iterator[str]:
    """Yield sections as Markdown, after what had no room."""
    told = fitted(sections, most=MOST - _FRAME, share=_SHARE)
    if told.left_out:
        yield from ("", f"**Not all of it is here**: {told.left_out} had no room. {_WHOLE}")
    yield from told.lines


def _command(command: str) -> str:
    """Return a command as it may be copied, or without what makes it code if it holds what ends that."""
    is_code = _CODE.fullmatch(command)
    if len(command.encode()) > _LONGEST_COMMAND or (not is_code and markdown.cut([command])):
        return f"{markdown.plain(command[:_CUT])} … (it is longer than there is room for)"
    return f"`{command}`" if is_code else markdown.plain(command)


_CUT = 200
