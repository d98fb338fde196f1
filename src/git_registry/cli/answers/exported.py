"""What an export of pages did: in words, and as JSON has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.wording.sizes import counted

if TYPE_CHECKING:
    from git_registry.cli.output import Output
    from git_registry.web.export.exporting import Exported

_FEW = 10
"""Pages that are named of those that could not be made."""


def show(output: Output, done: Exported) -> None:
    """Print what was written, and tell what could not be made."""
    if output.json:
        output.document(_shape(done))
        return
    for path, problem in list(done.problems.items())[:_FEW]:
        output.note(f"warning: {path} says only that it can't be made: {problem}")
    if len(done.problems) > _FEW:
        output.note(f"warning: so do {len(done.problems) - _FEW:,} others; `--json` lists them")
    did = done.published
    output.line(
        f"{counted(did.written, 'file')} written, {did.unchanged:,} unchanged, {did.removed:,} removed: "
        f"{done.folder} shows commit {done.commit[:10]}"
    )


def _shape(done: Exported) -> object:
    did = done.published
    return {
        "directory": str(done.folder),
        "commit": done.commit,
        "written": did.written,
        "unchanged": did.unchanged,
        "removed": did.removed,
        "problems": [{"file": path, "message": problem} for path, problem in done.problems.items()],
    }
