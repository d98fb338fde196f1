"""`git registry propose`."""

from __future__ import annotations

from functools import partial

import click

from git_registry.cli.options import request_option, verb
from git_registry.cli.proposing import Made, conclude
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk import proposing
from git_registry.sdk.forges.asking import Wording, announced


@verb(
    example="git registry propose promote-churn\n"
    "git registry promote model/churn:v3 --to production --propose\n"
    "git registry propose --withdraw promote-churn"
)
@click.argument("name", required=False, default="")
@click.option("--keep", is_flag=True, help="Leave the commits on the default branch here, too.")
@click.option("--withdraw", metavar="NAME", help="Remove the proposal of this name instead.")
@click.option("--title", default="", help="What the request is called, if not by its last commit's subject.")
@click.option("--draft", is_flag=True, help="Open the request as a draft.")
@request_option
def command(
    session: Session, *, name: str, keep: bool, withdraw: str | None, title: str, draft: bool
) -> None:
    """Put what is committed here and not published on a branch of its own, for others to review.

    The branch is `proposals/<you>/NAME`; the default branch here goes back to what is published. Proposing
    again brings the proposal up to date; what was approved of it then counts no more. Every command that
    writes can propose what it does instead of committing it: `--propose`.
    """
    if withdraw is not None:
        _withdraw(session, withdraw, (name, keep, title, draft))
        return
    wording = Wording(title=title, draft=draft)
    with session.open() as catalog:
        catalog.announced = partial(announced, wording=wording) if session.request else None
        done = proposing.propose(catalog, name, keep=keep)
        made = Made(
            catalog=catalog.proposing(),
            placed=done.placed,
            base=done.base,
            events=done.events,
            last=[f"{catalog.written_branch()} here is what is published again"] if done.went_back else [],
        )
        conclude(session, made, wording)


def _withdraw(session: Session, name: str, others: tuple[object, ...]) -> None:
    if any(others):
        raise UsageError("a proposal is withdrawn, or made", where="--withdraw", hint="leave the rest out")
    with session.open() as catalog:
        found = proposing.withdraw(catalog, name)
    if session.output.json:
        session.output.document({"withdrawn": found.name, "branch": found.branch, "commit": found.commit})
    else:
        session.output.line(f"Withdrew {found.name}, which was at {found.commit[:8]}")
