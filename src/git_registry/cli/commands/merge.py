"""`git registry merge`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from git_registry.catalog.catalog import Catalog
from git_registry.cli import shapes
from git_registry.cli.answers import written
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.review.undoing import Undo
from git_registry.sdk.merging import Merged, merge
from git_registry.sdk.undoing import undoing


@verb(
    example="git registry merge bob/promote-churn\n"
    "git registry merge bob/promote-churn --commit 3fa94c1be2d07788a1c0f3d2b4e596171d2c04ab"
)
@click.argument("proposal")
@click.option(
    "--commit",
    metavar="ID",
    default="",
    help="The commit you have seen, by its whole id; by default the one reviewed here.",
)
@click.option("--despite", is_flag=True, help="Merge it though somebody asks for changes.")
@click.option("--no-push", "waits", is_flag=True, help="Merge it into the branch here, and publish nothing.")
def command(session: Session, proposal: str, commit: str, *, despite: bool, waits: bool) -> None:
    """Merge a proposal, if the rules allow that: one commit on the default branch, published at once.

    What is merged is what you have seen: the commit that `git registry review` last showed in this clone,
    that you approved here, or that you proposed from here. If it was amended since, nothing is merged and the
    exit code is 6.

    It is judged as the server will judge it, and every reason why not is told. Who proposed it and who
    approved it stand in the commit's message. If others publish meanwhile, it is merged into what they
    published; if the proposal is amended meanwhile, nothing is merged either.
    """
    session.push = False if waits else session.push
    with session.open() as catalog:
        done = merge(catalog, proposal, commit, despite=despite)
        there = catalog.seen_from(catalog.proposing().written_branch(), done.commit)
        undo = undoing(there, done.commit, done.events)
        if session.output.json:
            session.output.document(_shape(there, done, undo))
            return
        for line in _lines(there, done, undo):
            session.output.line(line)


def _lines(catalog: Catalog, done: Merged, undo: Undo) -> Iterator[str]:
    yield from written.lines(catalog, done.events)
    approved = f", approved by {', '.join(done.approvers)}" if done.approvers else ""
    asked = f", though {', '.join(done.objected_by)} asked for changes" if done.objected_by else ""
    yield f"Merged {done.proposal.name} of {done.proposal.owner}{approved}{asked}, as {done.commit[:8]}"
    if done.is_waiting:
        yield "It is not published: `git push` does that"
    if not done.is_removed:
        yield f"The proposal's branch stays; {done.proposal.owner} may remove it"
    yield from (f"Undo: {command}" for command in undo.commands)
    if undo.at_once:
        yield f"All at once: {undo.at_once}"
    if undo.remark:
        yield undo.remark


def _shape(catalog: Catalog, done: Merged, undo: Undo) -> shapes.Shape:
    return {
        "proposal": done.proposal.name,
        "owner": done.proposal.owner,
        "head": done.proposal.commit,
        "commit": done.commit,
        "base": done.base,
        "approved_by": list(done.approvers),
        "objected_by": list(done.objected_by),
        "published": done.is_published,
        "removed": done.is_removed,
        "events": written.event_shapes(catalog, done.commit, done.events),
        "undo": shapes.undo(undo),
    }
