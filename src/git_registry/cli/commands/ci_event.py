"""`git registry ci event`."""

from __future__ import annotations

import click

from git_registry.cli import shapes
from git_registry.cli.answers import outputs as answers
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk import auditing
from git_registry.sdk.ci import outputs
from git_registry.sdk.ci.promoted import PROMOTIONS, Happened, Promoted, Wanted, promoted
from git_registry.sdk.ci.pushes import Push, push
from git_registry.wording.happened import told as sentence

_FORMATS = {"github": answers.github, "dotenv": answers.dotenv}
_DIGITS = 10


@verb(
    name="event",
    example='git registry ci event --alias production --format github >> "$GITHUB_OUTPUT"\n'
    "git registry ci event --format dotenv > registry.env\n"
    "git registry ci event --base HEAD~5 --head HEAD --json",
)
@click.option("--base", metavar="REV", help="What was there before the push.")
@click.option("--head", metavar="REV", help="What was pushed; HEAD if only --base is given.")
@click.option(
    "--alias", "aliases", multiple=True, metavar="NAME", help="Only of this alias; may be repeated."
)
@click.option(
    "--event",
    metavar="KIND",
    help="Which kinds of events, such as alias-moved, or version for all of a version; several with commas. "
    "By default alias-added and alias-moved.",
)
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), help="As a file that the host reads.")
def event(
    session: Session,
    base: str | None,
    head: str | None,
    aliases: tuple[str, ...],
    event: str | None,
    form: str | None,
) -> None:
    """Tell what a push promoted, so that a pipeline can act on it.

    The push is the one that the host says started the pipeline, or the one from --base to --head. Of an alias
    that moved more than once the last move counts. --format gives a name to each text: count; event, name,
    stage, version, before, id, path, type, description, commit, proposal, proposed_by and approved_by if it
    is one promotion, else empty; and matrix, with all of them, for a job of each. Who approved is known from
    refs/approvals, as far as they were fetched: what reviewers say on a forge is not in them.
    """
    kinds = auditing.kinds(event) if event is not None else PROMOTIONS
    with session.open() as catalog:
        moved = _push(base, head) or push(catalog.environ)
        found = promoted(catalog, moved, Wanted(kinds=kinds, aliases=aliases))
        if session.output.json:
            session.output.document([_shape(found, one) for one in found.happened])
        else:
            _tell(session, found, form)


def _push(base: str | None, head: str | None) -> Push | None:
    if base is None and head is None:
        return None
    if base is None:
        raise UsageError("from where the branch moved is not said", hint="--base REV")
    return Push(before=base, after=head or "HEAD")


def _shape(found: Promoted, one: Happened) -> shapes.Shape:
    credit = found.credit.get(one.step.commit)
    return shapes.event(one.event, one.step, found.numbers, proposal=one.proposal, credit=credit)


def _tell(session: Session, found: Promoted, form: str | None) -> None:
    if form is None:
        rows = [[one.step.commit[:_DIGITS], sentence(one.event, found.numbers)] for one in found.happened]
        session.output.table(("COMMIT", "EVENT"), rows)
        return
    for line in _FORMATS[form](outputs.outputs(outputs.rows(found))):
        session.output.line(line)
