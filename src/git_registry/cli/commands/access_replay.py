"""`git registry access replay`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from git_registry.catalog.catalog import Catalog
from git_registry.cli import shapes
from git_registry.cli.answers.verdict import violation
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import Refused, UsageError
from git_registry.model.dates import first_moment, timestamp, typed
from git_registry.policy.account import Account
from git_registry.sdk.rejudging import NOBODY, OBEYS, UNKNOWN, VIOLATES, Replayed, RulesBefore
from git_registry.sdk.replaying import Replay, replay, rules_of, rules_on_disk
from git_registry.sdk.unnoted import HINT, Unnoted
from git_registry.wording.sizes import counted
from git_registry.wording.verdict import reason


@verb(
    name="replay",
    example="git registry -C acme.git access replay\n"
    "git registry access replay --policy stricter --since 2026-11-01",
)
@click.option(
    "--policy", metavar="REV", help="Judge by the rules at this revision, not by those of their time."
)
@click.option(
    "--rules",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Judge by the rules as they are in this work tree.",
)
@click.option("--since", metavar="DATE", help="Leave out what was pushed before.")
def command(session: Session, policy: str | None, rules: Path | None, since: str | None) -> None:
    """Judge the pushes that the server noted, by the rules of their time or by others.

    Shows what would be refused, and what can't be known: who pushed where no host said so, commits and
    approvals that are gone. Works in the server's repository, and where refs/registry/pushes was fetched.

    Ends with exit code 4 if a push violates the rules, if the default or a project's branch moved and no push
    says so, or if somebody else wrote on the push log; with 0 otherwise, whatever can't be known.
    """
    if policy and rules:
        raise UsageError("the rules can't be both a revision's and a directory's", where="--rules")
    beginning = first_moment(since) if since else None
    with session.open() as catalog:
        done = replay(catalog, _rules(catalog, policy, rules), since=beginning)
    if session.output.json:
        session.output.document(_shape(done))
    else:
        for line in _lines(done):
            session.output.line(line)
    if not done.is_sound:
        click.get_current_context().exit(Refused.exit_code)


def _rules(catalog: Catalog, policy: str | None, rules: Path | None) -> RulesBefore | None:
    if policy:
        return rules_of(catalog, policy)
    return rules_on_disk(rules) if rules else None


def _lines(done: Replay) -> Iterator[str]:
    for one in done.pushes:
        if one.outcome != OBEYS:
            yield f"{typed(one.push.at)} {_who(one)} to {_refs(one)}: {one.outcome}"
            yield from (f"  {line}" for line in _reasons(one))
    for gap in done.unnoted:
        yield f"{gap}{f' ({typed(gap.until)} at the latest)' if gap.until else ''}"
        yield f"  hint: {HINT}"
    for odd in done.strange:
        yield f"{odd.commit[:8]} on the push log is not the server's: {odd.problem}"
    yield from (f"Not checked: {sentence}" for sentence in done.doubts)
    kinds = (OBEYS, VIOLATES, NOBODY, UNKNOWN)
    count = {kind: sum(one.outcome == kind for one in done.pushes) for kind in kinds}
    told = ", ".join(f"{number:,} {kind}" for kind, number in count.items() if number)
    yield f"{counted(len(done.pushes), 'push', 'pushes')}{f': {told}' if told else ''}"


def _who(one: Replayed) -> str:
    return one.principal or (str(one.push.account) if one.push.account else "somebody")


def _refs(one: Replayed) -> str:
    names = [moved.ref.removeprefix("refs/heads/") for moved in one.push.refs]
    more = f" and {len(names) - 1 + one.push.omitted} more" if len(names) + one.push.omitted > 1 else ""
    return f"{names[0] if names else 'nothing'}{more}"


def _reasons(one: Replayed) -> list[str]:
    return list(dict.fromkeys([*([one.unknown] if one.unknown else []), *map(reason, one.found)]))


def _shape(done: Replay) -> shapes.Shape:
    return {
        "pushes": [_push(one) for one in done.pushes],
        "unnoted": [_gap(one) for one in done.unnoted],
        "not_checked": list(done.doubts),
        "strange": [{"commit": odd.commit, "problem": odd.problem} for odd in done.strange],
    }


def _gap(one: Unnoted) -> shapes.Shape:
    until = timestamp(one.until) if one.until else None
    return {"ref": one.ref, "before": one.before, "after": one.after, "until": until}


def _push(one: Replayed) -> shapes.Shape:
    push = one.push
    return {
        "time": timestamp(push.at),
        "principal": one.principal,
        "noted": push.principal,
        "account": _account(push.account) if push.account else None,
        "outcome": one.outcome,
        "unknown": one.unknown or None,
        "refs": [{"ref": moved.ref, "before": moved.old, "after": moved.new} for moved in push.refs],
        "violations": [{"ref": wrong.ref, **violation(wrong)} for wrong in one.found],
    }


def _account(account: Account) -> shapes.Shape:
    return {"host": account.host or None, "name": account.name or None, "key": account.key or None}
