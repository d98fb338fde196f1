"""`git registry access`: show, grant, revoke, protect, unprotect, can, who-can, replay."""

from __future__ import annotations

from typing import Any

import click

from git_registry.cli import gates, rights
from git_registry.cli.commands import access_replay
from git_registry.cli.options import at_option, push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import Refused, UsageError
from git_registry.model.edits.access import GATES
from git_registry.sdk import accessing, administering, asking, membership, protecting
from git_registry.sdk.asked import Question

ROLES = click.Choice(["restricted_viewer", "viewer", "member", "admin"])

_REGISTRY = click.argument("registry", type=SELECTOR)
_WHO = click.argument("principal")


@click.group("access")
def command() -> None:
    """Show and change who may do what, and ask who may."""


@verb(
    name="show",
    example="git registry access show\ngit registry access show model\n"
    "git registry access show model --as alice",
)
@click.argument("registry", required=False, type=SELECTOR)
@click.option("--as", "who", metavar="PRINCIPAL", help="What this one may do, by kind of event.")
@at_option
def show(session: Session, registry: str | None, who: str | None) -> None:
    """Show everybody's role in a registry and where it comes from, and the protected aliases.

    Without a registry, what rules the organization: admins, teams, projects, and how each registry is ruled.
    By the rules that are published last, as a push is judged; by those here, where there is no remote.
    """
    if registry is None:
        _show_all(session, who)
        return
    with session.open() as catalog:
        if who is not None:
            _show_one(session, accessing.seen_as(catalog, registry, who))
            return
        view = accessing.show(catalog, registry)
    if session.output.json:
        session.output.document(rights.access_shape(view))
        return
    session.output.table(["PRINCIPAL", "ROLE", "FROM"], map(rights.holder_row, view.holders))
    if view.protections:
        session.output.line()
        session.output.table(["PROTECTED ALIAS", "GATE"], rights.gate_rows(view))
    if view.problem:
        session.output.note(f"{view.path} is closed, so nobody else has a role: {view.problem}")


def _show_all(session: Session, who: str | None) -> None:
    if who is not None:
        raise UsageError("say in which registry", where="--as", hint="such as `access show model --as alice`")
    with session.open() as catalog:
        view = administering.overview(catalog)
    if session.output.json:
        session.output.document(rights.overview_shape(view))
        return
    session.output.fields(rights.overview_fields(view))
    if view.registries:
        session.output.line()
        session.output.table(["REGISTRY", "MEMBERS", "PROTECTED"], map(rights.registry_row, view.registries))


def _show_one(session: Session, view: accessing.PrincipalView) -> None:
    if session.output.json:
        session.output.document(rights.principal_shape(view))
        return
    principal, role, sources = rights.holder_row(view.holder)
    session.output.fields([("principal", principal), ("role", role), ("from", sources)])
    session.output.line()
    session.output.table(["EVENT", "ANSWER", "TAKES"], map(rights.permission_row, view.permissions))


@verb(name="grant", example="git registry access grant model alice member")
@_REGISTRY
@_WHO
@click.argument("role", type=ROLES)
@rewrite_option
@push_option
def grant(session: Session, registry: str, principal: str, role: str) -> None:
    """Give somebody a role in a registry, whatever theirs was.

    PRINCIPAL is user:alice, team:nlp or service:train; a name alone is a team's or a service's that the
    organization knows, else a user's. It counts once it is on the default branch.
    """
    with session.open() as catalog:
        finish(session, catalog, membership.grant(catalog, registry, {principal: role}))


@verb(name="revoke", example="git registry access revoke model alice")
@_REGISTRY
@_WHO
@rewrite_option
@push_option
def revoke(session: Session, registry: str, principal: str) -> None:
    """Take somebody's own role in a registry away; what their teams have and the default role stay."""
    with session.open() as catalog:
        finish(session, catalog, membership.revoke(catalog, registry, [principal]))


@verb(
    name="protect",
    example="git registry access protect model production --holds staging --metric 'auc >= 0.9'\n"
    "git registry access protect model production --approvals 1 --not-author --content sha256\n"
    "git registry access protect model production --without approvals",
)
@_REGISTRY
@click.argument("alias")
@click.option("--holds", metavar="ALIAS", help="This alias has to point at the version before.")
@click.option("--metric", multiple=True, metavar="CLAUSE", help="As in 'auc >= 0.9'; may be repeated.")
@click.option(
    "--metadata", multiple=True, metavar="CLAUSE", help="As in 'framework = xgboost'; may be repeated."
)
@click.option("--content", type=click.Choice(["sha256"]), help="Every file is known by its content.")
@click.option("--approvals", type=click.IntRange(min=1), metavar="N", help="So many people approved it.")
@click.option("--approvers", type=ROLES, help="Who counts: those with this role or more; admin by default.")
@click.option("--not-author", is_flag=True, help="Who proposes or merges it does not count.")
@click.option("--signed", is_flag=True, help="An admin's ssh key signed the commit.")
@click.option(
    "--without", multiple=True, type=click.Choice(GATES), help="It has no such gate more; may be repeated."
)
@rewrite_option
@push_option
def protect(
    session: Session,
    registry: str,
    alias: str,
    *,
    without: tuple[str, ...],
    **typed: Any,  # noqa: ANN401 - click has checked them
) -> None:
    """Let only admins of a registry move an alias, in all its collections; and only through gates.

    Of each kind of gate that is given, the alias has what is given from now on; the other gates it had stay.
    Gates are judged where the rules are enforced: by a server's hook, or a check before a merge.
    """
    asked = gates.Typed(**typed).gates()
    with session.open() as catalog:
        finish(session, catalog, protecting.protect(catalog, registry, alias, asked, without=without))


@verb(name="unprotect", example="git registry access unprotect model staging")
@_REGISTRY
@click.argument("alias")
@rewrite_option
@push_option
def unprotect(session: Session, registry: str, alias: str) -> None:
    """Let any member of a registry move an alias again."""
    with session.open() as catalog:
        finish(session, catalog, protecting.unprotect(catalog, registry, alias))


@verb(
    name="can",
    example="git registry access can alice promote model/churn production\n"
    "git registry access can service:train version-linked model/churn",
)
@_WHO
@click.argument("what", metavar="VERB|EVENT")
@click.argument("path", default="", type=SELECTOR)
@click.argument("alias", required=False)
@at_option
def can(session: Session, principal: str, what: str, path: str, alias: str | None) -> None:
    """Say whether somebody may do something, and if not, why and who may.

    What is asked is a verb, such as promote, link, unlink, delete, or a kind of event, such as alias-moved.
    Ends with exit code 0 if they may by themselves, else with 4: refused, or in need of an approval.
    """
    with session.open() as catalog:
        found = asking.can(catalog, principal, Question(what, path, alias))
    if session.output.json:
        session.output.document(rights.permission_shape(found))
    else:
        for line in rights.permission_lines(found):
            session.output.line(line)
    if found.word != asking.ALLOWED:
        click.get_current_context().exit(Refused.exit_code)


@verb(
    name="who-can",
    example="git registry access who-can promote model/churn:production\n"
    "git registry access who-can registry-deleted model",
)
@click.argument("what", metavar="VERB|EVENT")
@click.argument("path", default="", type=SELECTOR)
@click.argument("alias", required=False)
@at_option
def who_can(session: Session, what: str, path: str, alias: str | None) -> None:
    """Say who may do something, and which role it takes."""
    with session.open() as catalog:
        found = asking.who_can(catalog, Question(what, path, alias))
    if session.output.json:
        session.output.document(rights.able_shape(found))
    else:
        session.output.fields(rights.able_fields(found))


for one in (show, grant, revoke, protect, unprotect, can, who_can, access_replay.command):
    command.add_command(one)
