"""What a review says, section by section: what is to be decided first, what it rests on below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from git_registry.index.numbers import Numbers
from git_registry.policy.explaining import Explained
from git_registry.review.needed import amount, either
from git_registry.sdk.replacing import Replacement
from git_registry.sdk.reviewing import Look, Review
from git_registry.sdk.starting import Starting
from git_registry.sdk.views import VersionView
from git_registry.sdk.vouching import Vouched
from git_registry.wording import altered, happened
from git_registry.wording.amounts import amount as written
from git_registry.wording.automations import receiver
from git_registry.wording.lines import Line, lines
from git_registry.wording.naming import input_named
from git_registry.wording.sections import Section
from git_registry.wording.sizes import counted
from git_registry.wording.verdict import gate_rows, met, numbered, reason_row, takes

_UNSHOWN = ("aliases", "created")
"""What the list of changes says, or nobody decides by."""


def sections(review: Review, known: Numbers) -> Iterator[Section]:
    """Yield those that have something to say."""
    yield from (replace(one, is_decisive=True) for one in _decisive(review, known) if one.rows)
    yield from (_replacement(one, known) for one in review.replacements)
    yield from filter(lambda one: one.rows, _grounds(review))


def _decisive(review: Review, known: Numbers) -> Iterator[Section]:
    yield why(review)
    asked = [(one.principal, one.said) for one in review.objections]
    yield Section(title="Changes asked for", header=("By", "In their words"), rows=asked)
    yield from changes(review, known)
    yield altered.section(review.altered)
    yield Section(
        title="Still to approve",
        header=("Where", "What for", "Missing"),
        rows=[
            (", ".join(one.paths), one.message, f"{amount(one)} by {either(one.who)}")
            for one in review.awaited
        ],
        remark=_ONCE if len(review.awaited) > 1 else "",
    )
    yield Section(title="Approved", header=("By",), rows=[(one,) for one in review.judgement.approvers])
    uncounted = [(one,) for one in review.judgement.uncounted]
    yield Section(title="Not counted", header=("Approval",), rows=uncounted)
    wrong = [one for one in review.judgement.found if not one.violation.liftable]
    yield Section(
        title="No approval helps",
        header=("Where", "Reason", "Next"),
        rows=[reason_row(numbered(one, known)) for one in wrong],
    )
    gates = [*gate_rows(review.events, known), *_gates_later(review)]
    yield Section(title="Gates", header=("Alias", "Gate", "Asks", "Met"), rows=gates)
    yield Section(
        title="Who wrote what the gates read",
        header=("Version", "Value", "Stands in", "By the commit's author"),
        rows=list(map(_vouched, review.vouched)),
        remark="An author is what a commit says of itself.",
    )
    yield Section(
        title="What it would start",
        header=("Automation", "Does", "Because"),
        rows=[(one.path, _does(one), _because(one, known)) for one in review.starting],
    )


def why(review: Review) -> Section:
    """Return what whoever proposes it says of it."""
    return Section(title="Why", header=("In its author's words",), rows=[(review.why,)] * bool(review.why))


def changes(review: Review, known: Numbers) -> Iterator[Section]:
    """Yield what it does, what is protected first."""
    header = ("Change", "Takes", "Met")
    yield Section(title="Protected changes", header=header, rows=_events(review.protected, known))
    yield Section(title="Other changes", header=header, rows=_events(review.others, known))


def doing(review: Review, known: Numbers) -> Iterator[Section]:
    """Yield what it does, and nothing that others decide: that would be old where nobody writes it anew."""
    for one in (why(review), *changes(review, known)):
        if one.rows:
            plain = replace(one, header=one.header[:1], rows=[row[:1] for row in one.rows])
            yield replace(plain, is_decisive=True)
    if review.altered:
        yield altered.section(review.altered)
    yield from (_replacement(one, known) for one in review.replacements)


_ONCE = "An approval is of all that is proposed: it counts in every row that names who gives it."


def _does(one: Starting) -> str:
    return receiver(one.action) if one.action else "nothing"


def _because(one: Starting, known: Numbers) -> str:
    """Return what starts an automation, or may, in words; or why it starts nothing."""
    if one.problem:
        return f"it can't be read: {one.problem}"
    told = [happened.told(event, known) for event in one.events]
    told += [f"perhaps, which the merge decides: {happened.told(event, known)}" for event in one.perhaps]
    more = [f"and {len(told) - _BECAUSE} more"] if len(told) > _BECAUSE else []
    more += [f"{counted(one.unlooked, 'event')} not looked at"] if one.unlooked else []
    return "; ".join([*told[:_BECAUSE], *more])


_BECAUSE = 3
"""Events that are named of all that start one automation."""


def _events(events: Iterable[Explained], known: Numbers) -> list[tuple[str, str, str]]:
    return [(happened.told(one.event, known), takes(one), met(one)) for one in events]


def _gates_later(review: Review) -> Iterator[list[str]]:
    for one in review.later:
        alias, outcome = f"{one.collection}:{one.alias}", one.outcome
        yield [alias, outcome.gate, outcome.limit, "not known before whoever merges it makes that commit"]


def _replacement(one: Replacement, known: Numbers) -> Section:
    comparison, before = one.comparison, one.before
    named = [input_named(row.input, known) for row in comparison.inputs]
    told = [line for line in lines(comparison, named, for_people=True) if line.kind not in _UNSHOWN]
    said = [line for line in told if not line.is_file]
    shown = [line for line in said if not before or line.differs or line.kind in _ALWAYS]
    files = [line for line in told if line.is_file and line.differs]
    return Section(
        title=_title(one),
        header=("", *map(_named, comparison.versions), *(["Change"] if before else [])),
        rows=[
            (line.label, *line.values, *([_became(line)] if before else []))
            for line in (*shown, *files[:_FILES])
        ],
        remark=_remark(one, len(said) - len(shown), len(files) - len(files[:_FILES])),
        is_detail=True,
    )


def _became(line: Line) -> str:
    """Return what became of a value, where that can be said in a word."""
    if not line.differs:
        return ""
    before, after = line.values
    if line.against[-1] or before == after or line.kind in _NAMING:
        return line.against[-1]
    return "changed" if before and after else "removed" if before else "added"


_NAMING = ("id", "size", "files")
"""What says which version it is, or how much."""

_ALWAYS = ("id", "size", "metrics", "files")
_FILES = 10
"""Files that came, went or changed and are named."""


def _title(one: Replacement) -> str:
    where = f"{one.collection}:{', '.join(one.aliases)}" if one.aliases else one.collection
    if one.before is None:
        return f"{where}: {_named(one.version)}{', the first' if one.aliases else ''}"
    after = "from" if one.aliases else "after"
    return f"{where}: {_named(one.version)}, {after} {_named(one.before)}"


def _named(view: VersionView) -> str:
    """Return a version's name in its collection."""
    return f"v{view.number}" if view.number is not None else f"@{view.id[:8]}"


def _remark(one: Replacement, same: int, files: int) -> str:
    remarks = [f"{counted(same, 'other value')} the same."] * bool(same)
    if files:
        remarks.append(f"{counted(files, 'more file')} came, went or changed.")
    if one.version.number is None:
        remarks.append(f"{_named(one.version)} is new: its number is given when it is merged.")
    if one.comparison.files.problem:
        remarks.append(f"The files are not compared: {one.comparison.files.problem}.")
    return " ".join(remarks)


def _vouched(one: Vouched) -> tuple[str, str, str, str]:
    if not one.place:
        return one.version.path, one.field, "nowhere", "nobody"
    value = f"{one.field} = {written(one.value)}"
    if one.author is None:
        return one.version.path, value, one.place, "not known: too far back in history"
    who = f"{one.author.name} <{one.author.email}>"
    whose = f", the address of {one.principal}" if one.principal else ""
    here = ", which is proposed here" if one.is_proposed else ""
    return one.version.path, value, one.place, f"{who}{whose}, in {one.commit[:8]}{here}"


def _grounds(review: Review) -> Iterator[Section]:
    yield Section(
        title="Blobs",
        header=("Version", "Files", "There", "Size", "Digest", "Remark"),
        rows=[
            (one.version.path, _count(one.version), one.exists, one.size, one.digest, one.remark)
            for one in review.blobs
        ],
        remark=_LOOKED[review.look],
    )
    yield Section(title="Not looked at", header=("What",), rows=[(one,) for one in _left_out(review)])


_LOOKED = {
    Look.NONE: "Without --no-blobs it is looked whether they are there.",
    Look.SIZES: "Digests that follow from the bytes were not checked: --digests reads them.",
    Look.DIGESTS: "",
}


def _count(view: VersionView) -> str:
    return f"{view.manifest.file_count:,}" if view.manifest else "?"


def _left_out(review: Review) -> Iterator[str]:
    if review.uncompared:
        yield f"{counted(review.uncompared, 'more version')} that come, beside those before them"
    if review.unread:
        yield f"what {counted(review.unread, 'more automation')} would do"
    if review.unlooked:
        yield f"the blobs of {counted(review.unlooked, 'more version')}"
