"""`git registry compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from git_registry.cli.answers import compare, series
from git_registry.cli.options import at_option, trust_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.sdk.series import Goal


@verb(
    example="git registry compare model/churn:v3 model/churn:production\n"
    "git registry compare model/churn --metric auc"
)
@click.argument("selectors", nargs=-1, required=True, type=SELECTOR)
@click.option("--metric", metavar="NAME", help="Follow this metric over all versions of one collection.")
@click.option(
    "--goal",
    type=click.Choice(["maximize", "minimize"]),
    default="maximize",
    show_default=True,
    help="What is best for --metric.",
)
@click.option("--all", "everything", is_flag=True, help="Also what is the same in all of them.")
@at_option
@trust_option
def command(
    session: Session, selectors: tuple[str, ...], metric: str | None, goal: Goal, *, everything: bool
) -> None:
    """Show versions side by side: what differs in their metrics, metadata, inputs, files.

    What became of each since the first of them stands beside it. A collection stands for its latest. In a
    pipe every row has the kind, the name, a value for each version, then a change for each but the first.

    With --metric, one collection: a row a version, oldest first, and how that metric went.
    """
    if metric is None:
        compare.answer(session, selectors, everything=everything)
        return
    if len(selectors) != 1:
        raise UsageError("--metric follows one metric over one collection", hint="name one collection")
    series.answer(session, selectors[0], metric, goal)
