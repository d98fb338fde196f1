"""`git registry search`."""

from __future__ import annotations

import click

from git_registry.cli.answers.search import Asked, search
from git_registry.cli.options import at_option, verb
from git_registry.cli.session import Session
from git_registry.index.search.row import THINGS


@verb(
    example="git registry search churn\n"
    "git registry search --where 'metrics.auc >= 0.9 and type = model' --tag eu\n"
    """git registry search --filter '{"alias": "production", "metadata.framework": {"$ne": "xgboost"}}'\n"""
    "git registry search --kind version --order -metrics.auc --limit 5\n"
    "git registry search --project churn --where 'metrics.auc >= 0.9'"
)
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(THINGS), help="Look for these alone.")
@click.option("--filter", "document", metavar="JSON", help="What they shall pass, in MongoDB's words.")
@click.option("--where", "clauses", multiple=True, metavar="CLAUSE", help="As in 'metrics.auc >= 0.9'.")
@click.option("--tag", "tags", multiple=True, help="They shall have it.")
@click.option("--alias", "aliases", multiple=True, help="They shall have it; latest is one.")
@click.option("--project", metavar="NAME", help="Look at what was logged in this project, not at registries.")
@click.option("--order", metavar="FIELD", help="Sort by it; with - in front the largest first.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="No more than so many.")
@at_option
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N", help="Leave out the first N.")
def command(session: Session, words: tuple[str, ...], **asked: object) -> None:
    """Find registries, collections and versions by words, filters, tags, aliases.

    All that is given has to hold, every word has to occur; a phrase stands in double quotes. Where a filter,
    a clause, a tag or an alias is given, versions are looked for, else things of all kinds, or those that
    --kind says. Versions stand newest first, the others by name.

    A clause is a field, one of = != > >= < <= ~ in, and a value; several are joined by `and`. After ~ comes a
    regular expression. A filter may have $eq $ne $gt $gte $lt $lte $in $nin $all $size $exists $contains
    $regex $and $or $nor $not. An unknown field is answered with the fields there are.
    """
    search(session, Asked(words=words, **asked))  # type: ignore[arg-type]  # click has checked them
