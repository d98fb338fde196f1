"""`git registry show`."""

from __future__ import annotations

import click

from git_registry.cli.answers.show import answer
from git_registry.cli.options import at_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session


@verb(example="git registry show model/churn:production\ngit registry show projects/churn/runs/k3j2h1")
@click.argument("selector", type=SELECTOR)
@at_option
def command(session: Session, selector: str) -> None:
    """Show all there is to know about a registry, a collection or a version; a project, an artifact or a run.

    A version's manifest and notes are shown as one; what comes from the notes is marked.
    """
    answer(session, selector)
