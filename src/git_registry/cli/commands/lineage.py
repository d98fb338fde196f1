"""`git registry lineage`."""

from __future__ import annotations

import click

from git_registry.cli.answers.lineage import FORMATS, answer
from git_registry.cli.options import at_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.model.lineage.edges import Way
from git_registry.model.lineage.trace import BOTH_WAYS


@verb(
    example="git registry lineage model/churn:production\n"
    "git registry lineage dataset/customers:v3 --down --depth 2\n"
    "git registry lineage projects/churn/runs/k3j2h1 --format mermaid"
)
@click.argument("selector", type=SELECTOR)
@click.option("--up", is_flag=True, help="What it was made from.")
@click.option("--down", is_flag=True, help="What was made from it.")
@click.option("--depth", type=click.IntRange(min=0), metavar="N", help="At most so many edges away.")
@click.option(
    "--widest",
    type=click.IntRange(min=0),
    metavar="N",
    help="At most so many edges of one node, 0 for all of them; by default 10, and all as JSON.",
)
@click.option("--format", "form", type=click.Choice([*FORMATS, "json"]), help="By default a tree.")
@at_option
def command(
    session: Session,
    *,
    selector: str,
    up: bool,
    down: bool,
    depth: int | None,
    widest: int | None,
    form: str | None,
) -> None:
    """Show what something was made from, and what was made from it.

    A version of a registry or a project, a run (projects/<project>/runs/<id>), or the key of anything that
    --json names: what it used, the run and the code that made it, and what used it, in both directions unless
    one is named. A collection stands for its latest version. What the branches of projects say counts, as far
    as they are fetched.

    What is not followed is counted. Said twice, by a version and by the run that made it, it is shown once;
    as JSON all that is recorded is there.
    """
    if form == "json":
        session.output.json = True
    elif form and session.output.json:
        raise UsageError(f"--json and --format {form} ask for two things", hint="name one of them")
    ways = [way for way, wanted in ((Way.UP, up), (Way.DOWN, down)) if wanted]
    answer(session, selector, ways=ways or BOTH_WAYS, depth=depth, widest=widest, form=form or "tree")
