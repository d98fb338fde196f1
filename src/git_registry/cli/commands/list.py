"""`git registry list`."""

from __future__ import annotations

import click

from git_registry.cli.answers.list import answer
from git_registry.cli.options import at_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session


@verb(
    example="git registry list\ngit registry list model\ngit registry list model/churn\n"
    "git registry list projects/churn/runs"
)
@click.argument("selector", type=SELECTOR, required=False)
@at_option
def command(session: Session, selector: str | None) -> None:
    """List registries, the collections of a registry, or the versions of a collection.

    `projects` lists projects, `projects/churn` the artifacts of one and then its runs, `projects/churn/runs`
    its runs alone, the last started first, and `projects/churn/xgb` the versions of an artifact.

    Versions stand newest first. `v7?` has a number that may still change, because it is not published. In a
    pipe the fields are separated by tabs, sizes are in bytes, and all metrics are one field.
    """
    answer(session, selector)
