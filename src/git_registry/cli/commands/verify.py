"""`git registry verify`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict

import click

from git_registry.cli import shapes
from git_registry.cli.options import at_option, trust_option, verb
from git_registry.cli.output import Output
from git_registry.cli.progress import progress
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.errors import InvalidDocument, StoreError
from git_registry.sdk.verifying import JOBS, Extent, Verification, verify
from git_registry.wording.sizes import counted, size


@verb(example="git registry verify model/churn:production\ngit registry verify --size-only")
@click.argument("selector", type=SELECTOR, required=False)
@click.option("--size-only", is_flag=True, help="Look whether blobs are there and how large; read none.")
@click.option("--unlinked", is_flag=True, help="Look at unlinked versions too.")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=JOBS, show_default=True, help="Read so many at once."
)
@click.option(
    "--resume/--restart",
    default=True,
    help="Go on where an interrupted run stopped (that is the default), or begin anew.",
)
@at_option
@trust_option
def command(
    session: Session, *, selector: str | None, size_only: bool, unlinked: bool, jobs: int, resume: bool
) -> None:
    """Verify that every blob is there and is what it was, that documents are well-formed, history intact.

    Looks at the organization, or at the registry, collection or version named. A blob that several versions
    share is read once. Files known by their store's word alone (etag, stat) are compared by it, and said to
    be weak. Where the server's push log is at hand, each push is held against the policy of its time. Ends
    with exit code 7 if a blob is wrong or out of reach, with 3 if a document, the history or a push is.
    """
    extent = Extent(size_only=size_only, unlinked=unlinked, restart=not resume, jobs=jobs)
    with session.open() as catalog, progress("Verifying") as bar:
        done = verify(catalog, selector, extent, progress=bar)
    if session.output.json:
        session.output.document(_shape(done))
    else:
        _print(session.output, done, size_only=size_only)
    if not done.ok:
        code = InvalidDocument.exit_code if done.invalid else StoreError.exit_code
        click.get_current_context().exit(code)


def _print(output: Output, done: Verification, *, size_only: bool) -> None:
    for mistake in done.invalid:
        output.line(str(mistake))
        if mistake.hint:
            output.line(f"  hint: {mistake.hint}")
    if done.problems:
        tell = _shortened if output.is_terminal else str
        rows = ([one.version, one.path, tell(one.problem), one.uri] for one in done.problems)
        output.table(["VERSION", "FILE", "PROBLEM", "URI"], rows)
    known = Counter((one.version, one.problem) for one in done.weak)
    for (version, algorithm), count in known.items():
        output.line(f"Weak: {counted(count, 'file')} of {version} compared by {algorithm} alone")
    for sentence in done.not_checked:
        output.line(f"Not checked: {sentence}")
    if done.pushes:
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in done.pushes.items())
        output.line(f"Pushes that the server noted: {told}")
    wrong = len(done.problems) + len(done.invalid)
    earlier = f", {done.resumed:,} of them earlier" if done.resumed else ""
    read = "" if size_only else f" ({size(done.bytes)} read{earlier})"
    output.line(
        f"{counted(wrong, 'problem') if wrong else 'Nothing wrong'} in {counted(done.checked, 'blob')} of "
        f"{counted(done.versions, 'version')}{read} and {counted(done.documents, 'document')}"
    )


def _shortened(problem: str) -> str:
    """Return it with the beginning of each digest, which leaves a line of a terminal room for the rest."""
    return re.sub(r"(?<=:)([0-9a-f]{12})[0-9a-f]{20,}", r"\1…", problem)


def _shape(done: Verification) -> shapes.Shape:
    return {
        "scope": done.scope or None,
        "ok": done.ok,
        "versions": done.versions,
        "checked": done.checked,
        "resumed": done.resumed,
        "bytes": done.bytes,
        "documents": done.documents,
        "problems": [asdict(one) for one in done.problems],
        "invalid": [shapes.error(one)["error"] for one in done.invalid],
        "weak": [asdict(one) for one in done.weak],
        "not_checked": list(done.not_checked),
        "pushes": dict(done.pushes),
    }
