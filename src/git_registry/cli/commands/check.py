"""`git registry check`."""

from __future__ import annotations

from dataclasses import dataclass

import click

from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.cli.sizes import counted
from git_registry.errors import InvalidDocument, Refused, UsageError
from git_registry.sdk.checking import checked
from git_registry.sdk.requests import HOSTS, Asked, judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """How the check of a request is printed."""

    markdown: bool
    number: str


@verb(
    example="git registry check\ngit registry check origin/main..HEAD\n"
    "git registry check --base origin/main --host github --actor ana-gh --approved-by bob-gh"
)
@click.argument("what", metavar="[REV|BASE..HEAD]", required=False)
@click.option("--base", metavar="REV", help="Judge a request: the default branch, into which it is merged.")
@click.option("--head", metavar="REV", default="HEAD", show_default=True, help="What is to be merged.")
@click.option("--actor", metavar="NAME", help="Who merges it: user:ana, github:ana-gh, or ana.")
@click.option(
    "--approved-by",
    multiple=True,
    metavar="NAME[@COMMIT]",
    help="Who approved it, and the full id of the commit that they saw; may be repeated.",
)
@click.option(
    "--author", multiple=True, metavar="NAME", help="Who opened it, and who pushed to it last; repeat it."
)
@click.option("--host", type=click.Choice(HOSTS), help="Whose account a name is that has no kind before it.")
@click.option("--merge", is_flag=True, help="Every merge there makes a merge commit.")
@click.option("--squash", is_flag=True, help="Every merge there makes one commit of all.")
@click.option(
    "--number", "--proposal", metavar="NUMBER", default="", help="What the forge calls the request."
)
@click.option("--markdown", is_flag=True, help="Print a comment for the forge.")
def command(
    session: Session,
    what: str | None,
    base: str | None,
    head: str,
    actor: str | None,
    approved_by: tuple[str, ...],
    author: tuple[str, ...],
    host: str | None,
    number: str,
    *,
    merge: bool,
    squash: bool,
    markdown: bool,
) -> None:
    """Check that documents follow the format: file, line and field of every mistake.

    Looks at the work tree as it is on disk; at a commit, if one is named; or at each step of a range. Ends
    with exit code 3 if anything is wrong.

    With --base it judges a pull or merge request as a server's hook would, by the rules at the base: what
    the merge would do, and unless --merge or --squash says that no merge keeps them, each of its commits.
    Ends with 3 if the format is all that is wrong, with 4 if it is refused or needs approval, and with 6 if
    it can't be merged as it is.
    """
    if base is None:
        _require_no_request(actor, approved_by, author, host, number, merge or squash or markdown)
        _check(session, what)
        return
    if what is not None or actor is None:
        problem = "--base judges a request, not a revision" if what else "who merges it is not said"
        raise UsageError(problem, hint="git registry check --base origin/main --head HEAD --actor NAME")
    asked = Asked(
        base=base,
        head=head,
        actor=actor,
        approved_by=approved_by,
        authors=author,
        host=host or "",
        stepwise=not (merge or squash),
    )
    _judge(session, asked, _Report(markdown=markdown, number=number))


def _require_no_request(*told: object) -> None:
    if any(told):
        raise UsageError("which branch the request is to be merged into is not said", hint="--base REV")


def _judge(session: Session, asked: Asked, report: _Report) -> None:
    from git_registry.cli.answers.verdict import Answer
    from git_registry.index.numbers import at_hand

    with session.open() as catalog:
        done = judgement(catalog, asked)
        answer = Answer(done, at_hand(catalog.seen_from(catalog.branch, done.base)), report.number)
        if session.output.json:
            session.output.document(answer.shape())
        else:
            for line in answer.comment() if report.markdown else answer.lines():
                session.output.line(line)
    if done.found:
        code = InvalidDocument.exit_code if done.is_misshapen else Refused.exit_code
        click.get_current_context().exit(code)


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
