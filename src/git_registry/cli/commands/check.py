"""`git registry check`."""

from __future__ import annotations

import click

from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.cli.sizes import counted
from git_registry.errors import InvalidDocument
from git_registry.sdk.checking import checked


@verb(example="git registry check\ngit registry check origin/main..HEAD")
@click.argument("what", metavar="[REV|BASE..HEAD]", required=False)
def command(session: Session, what: str | None) -> None:
    """Check that documents follow the format: file, line and field of every mistake.

    Looks at the work tree as it is on disk; at a commit, if one is named; or at each step of a range. Ends
    with exit code 3 if anything is wrong.
    """
    with session.open() as catalog:
        done = checked(catalog, what)
    if session.output.json:
        session.output.document([shapes.error(one)["error"] for one in done.problems])
    else:
        for problem in done.problems:
            session.output.line(str(problem))
            if problem.hint:
                session.output.line(f"  hint: {problem.hint}")
        if not done.problems:
            looked_at = f"the steps {what}" if what and ".." in what else counted(done.files, "file")
            session.output.line(f"Nothing wrong in {looked_at}")
    if done.problems:
        click.get_current_context().exit(InvalidDocument.exit_code)
