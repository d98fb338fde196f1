"""`git registry bisect`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from git_registry.cli import shapes
from git_registry.cli.options import trust_option, verb
from git_registry.cli.output import Output
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.trial import Command
from git_registry.errors import RegistryError
from git_registry.model.documents.record import Number
from git_registry.model.plain import plain
from git_registry.repository.history import Step
from git_registry.sdk.bisecting import Bisected, Hunt, Trial, bisect
from git_registry.sdk.caching import blob_cache
from git_registry.wording.amounts import amount
from git_registry.wording.sizes import counted


@verb(example="git registry bisect model/churn --good v3 --bad v17 -- python evaluate.py")
@click.argument("collection", type=SELECTOR)
@click.option("--good", required=True, metavar="VERSION", help="A version or alias that is good.")
@click.option("--bad", required=True, metavar="VERSION", help="One that is bad; it may be older or newer.")
@click.option("--verify-ends", is_flag=True, help="Try both ends first, instead of trusting what is said.")
@click.option("--restart", is_flag=True, help="Forget what an interrupted bisection found out.")
@click.option("--no-cache", is_flag=True, help="Neither use nor fill this machine's cache.")
@trust_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def command(
    session: Session,
    *,
    collection: str,
    good: str,
    bad: str,
    verify_ends: bool,
    restart: bool,
    no_cache: bool,
    command: tuple[str, ...],
) -> None:
    """Find the first bad version, trying half of those that are left, again and again.

    Each version to try is downloaded to a temporary directory, and COMMAND is run with that directory as its
    last argument; GIT_REGISTRY_VERSION and GIT_REGISTRY_PATH say which version it is and where. Exit code 0
    means good, 125 that it can't be told, a lower one bad. 126 and more stop: so a shell says that a program
    can't be run or was not found, or that it was killed. Interrupted, the same command line goes on where it
    stopped. Ends with exit code 1 if versions that can't be told hide which is the first.
    """
    judge = Command(command)
    judge.require()
    hunt = Hunt(
        collection=collection,
        good=good,
        bad=bad,
        command=command,
        restart=restart,
        verify_ends=verify_ends,
    )
    with session.open() as catalog:
        cache = None if no_cache else blob_cache(catalog, os.environ)
        done = bisect(catalog, hunt, judge, cache=cache, tell=lambda trial: _tell(session.output, trial))
    if session.output.json:
        session.output.document(_shape(done))
    else:
        _print(session.output, done)
    if done.first is None:
        click.get_current_context().exit(RegistryError.exit_code)


def _tell(output: Output, trial: Trial) -> None:
    if not output.json:
        output.line(f"{trial.version.path} is {_SAID[trial.answer]}")


_SAID = {"good": "good", "bad": "bad", "skip": "skipped"}


def _print(output: Output, done: Bisected) -> None:
    if done.first is None:
        names = ", ".join(one.path for one in done.suspects)
        output.line(f"One of these is the first that is {done.answer}; those between were skipped: {names}")
    else:
        is_old_good = done.answer == "bad"
        output.line(
            f"The first {'' if is_old_good else 'that differs: the first '}{done.answer} version is "
            f"{done.first.path}{_by_whom(done)}"
        )
        output.line(f"The last {'good' if is_old_good else 'bad'} one is {done.before.path}")
        for line in _deltas(done):
            output.line(line)
    if done.unlinked:
        output.line(f"{counted(done.unlinked, 'unlinked version')} in between left out")
    if done.first:
        pair = f"{done.before.path} {done.first.path}"
        output.note(f"hint: `git registry compare {pair}` shows what else differs")
        if done.is_doubtful:
            output.note("hint: nothing was tried and found good; --verify-ends tries both ends first")


def _by_whom(done: Bisected) -> str:
    if done.linked is None:
        return ""
    author = done.linked.author
    return f", linked by {author.name} on {author.at.date().isoformat()}"


def _deltas(done: Bisected) -> Iterator[str]:
    for name, (before, after) in done.metrics().items():
        texts = ["-" if one is None else amount(one) for one in (before, after)]
        difference = _difference(before, after)
        yield f"metrics.{name}: {texts[0]} → {texts[1]}" + (
            f" ({'+' if difference > 0 else ''}{difference:.6g})" if difference is not None else ""
        )


def _difference(before: Number | None, after: Number | None) -> Number | None:
    return None if before is None or after is None else after - before


def _shape(done: Bisected) -> shapes.Shape:
    return {
        "first": shapes.version(done.first) if done.first else None,
        "before": shapes.version(done.before),
        "answer": str(done.answer),
        "suspects": [one.path for one in done.suspects],
        "linked": _step(done.linked) if done.linked else None,
        "metrics": {
            name: plain({"before": before, "after": after, "delta": _difference(before, after)})
            for name, (before, after) in done.metrics().items()
        },
        "trials": [
            {
                "version": one.version.path,
                "id": one.version.id,
                "answer": str(one.answer),
                "remembered": one.remembered,
            }
            for one in done.trials
        ],
        "unlinked": done.unlinked,
    }


def _step(step: Step) -> shapes.Shape:
    # Whether the commit is signed was not asked for.
    whole = shapes.commit(step, "", None)
    return {name: whole[name] for name in ("commit", "author", "time")}
