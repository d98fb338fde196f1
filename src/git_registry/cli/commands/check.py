"""`git registry check`."""

from __future__ import annotations

import click

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.disk import DiskTree
from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.cli.sizes import counted
from git_registry.errors import InvalidDocument
from git_registry.model.layout import Kind, identify
from git_registry.sdk.checking import check


@verb(example="git registry check\ngit registry check origin/main..HEAD")
@click.argument("what", metavar="[REV|BASE..HEAD]", required=False)
def command(session: Session, what: str | None) -> None:
    """Check that documents follow the format: file, line and field of every mistake.

    Looks at the work tree as it is on disk; at a commit, if one is named; or at each step of a range. Ends
    with exit code 3 if anything is wrong.
    """
    with session.open() as catalog:
        problems = list(check(catalog, what))
        looked_at = "" if problems else _looked_at(catalog, what)
    if session.output.json:
        session.output.document([shapes.error(one)["error"] for one in problems])
    else:
        for problem in problems:
            session.output.line(str(problem))
            if problem.hint:
                session.output.line(f"  hint: {problem.hint}")
        if looked_at:
            session.output.line(f"Nothing wrong in {looked_at}")
    if problems:
        click.get_current_context().exit(InvalidDocument.exit_code)


def _looked_at(catalog: Catalog, what: str | None) -> str:
    if what and ".." in what:
        return f"the steps {what}"
    top = catalog.repository.work_tree
    if what is None and top is not None:
        paths = wellformed.every_path(DiskTree(top))
    else:
        paths = wellformed.every_path(catalog.tree(catalog.reader.commit(what) if what else catalog.tip()))
    return counted(sum(1 for path in paths if identify(path).kind is not Kind.OUTSIDE), "file")
