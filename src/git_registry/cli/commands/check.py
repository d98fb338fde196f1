"""`git registry check`."""

from __future__ import annotations

from typing import Any

import click

from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.requesting import Options, judge, request_options
from git_registry.cli.session import Session
from git_registry.errors import InvalidDocument, UsageError
from git_registry.sdk.checking import checked
from git_registry.wording.sizes import counted


@verb(
    example="git registry check\ngit registry check origin/main..HEAD\n"
    "git registry check --base origin/main --host github --actor ana-gh --author bob-gh --approved-by ana-gh"
)
@click.argument("what", metavar="[REV|BASE..HEAD]", required=False)
@request_options
@click.option(
    "--markdown", is_flag=True, help="Of a request: print a comment for the forge, as `review` does."
)
def command(session: Session, what: str | None, *, markdown: bool, **request: Any) -> None:  # noqa: ANN401
    """Check that documents follow the format: file, line and field of every mistake.

    Looks at the work tree as it is on disk; at a commit, if one is named; or at each step of a range. Ends
    with exit code 3 if anything is wrong.

    With --base it judges a pull or merge request as a server's hook would, by the rules at the base: what
    the merge would do, and unless --merge or --squash says that no merge keeps them, each of its commits.
    What it does takes the role of who merges it and of every --author, or an approval by somebody who has it.
    Ends with 3 if the format is all that is wrong, with 4 if it is refused or needs approval, and with 6 if
    it can't be merged as it is.
    """
    options = Options(**request)
    if options.base is None:
        options.require_none()
        if markdown:
            raise UsageError("a comment is about a request", where="--markdown", hint="--base REV")
        _check(session, what)
    elif what is not None:
        raise UsageError("--base judges a request, not a revision", where=what, hint="--head REV")
    else:
        judge(session, options, markdown=markdown)


def _check(session: Session, what: str | None) -> None:
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
