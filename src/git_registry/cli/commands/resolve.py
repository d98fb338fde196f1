"""`git registry resolve`."""

from __future__ import annotations

import click

from git_registry.cli.answers.resolve import answer
from git_registry.cli.options import at_option, trust_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session


@verb(example="git registry resolve model/churn:production")
@click.argument("selector", type=SELECTOR)
@click.option("--path", metavar="FILE", help="Only this file of the version.")
@at_option
@trust_option
def command(session: Session, selector: str, path: str | None) -> None:
    """Print where the files of a version are, a URI a line.

    The files are in the order of `show`; --json says which URI is which file's, --path asks for one of them.
    SELECTOR names a version; a collection stands for its latest. Aliases and digests are read off the
    branch's tip alone, so this works in the shallowest clone.
    """
    answer(session, selector, path=path)
