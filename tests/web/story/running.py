"""Versions come to be: made by a run in a project and linked from there, or linked as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.web.story import making, words
from tests.web.story.tale import MOMENT, Growing, Made, Tale, by

from git_registry.model.documents.manifest import Code
from git_registry.sdk import linking, measuring, runs
from git_registry.sdk.linking import Request
from git_registry.sdk.surface.account import Account
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.run import Run
from git_registry.sdk.surface.steps import Steps

CALLED = {"dataset": "rows", "model": "sgd", "evaluation": "report"}
"""How an artifact is called in its project, behind the collection's name."""


def grow(tale: Tale, one: Growing, *, in_run: bool) -> None:
    """Make the next version of a collection."""
    if one.registry == "dataset":
        made = making.prepared(tale, one)
    elif one.registry == "model":
        made = making.trained(tale, one, stepwise=in_run)
    else:
        made = making.evaluated(tale, one)
    version = (_logged if in_run else _linked)(tale, one, made)
    one.made += 1
    if version in one.linked:
        return
    one.linked.append(version)
    one.measured[version] = made.metrics


def _linked(tale: Tale, one: Growing, made: Made) -> str:
    inputs = [*made.uses, *filter(None, [made.origin])]
    asked = Request(metrics=made.metrics, metadata=made.metadata, inputs=inputs, **words.said(tale.chance))
    with by(tale.chance.choice((*words.PEOPLE, "Train CI"))):
        return linking.link_files(tale.catalog, tale.write(made.files), one.path, asked).id


def _logged(tale: Tale, one: Growing, made: Made) -> str:
    with by(tale.chance.choice(words.PEOPLE)):
        with _measuring(tale, one, made) as run:
            artifact = _artifact(tale, one, made)
            run.log_artifact(artifact)
        asked = Request(**words.said(tale.chance))
        return linking.link_version(tale.catalog, artifact.wait().standing.selector, one.path, asked).id


def fail(tale: Tale, one: Growing) -> None:
    """Let a run go wrong; what it had by then is kept for a month."""
    with by(tale.chance.choice(words.PEOPLE)), _measuring(tale, one, making.diverged(tale, one)) as run:
        checkpoint = Artifact(f"{one.use.name}-checkpoint", "checkpoint")
        checkpoint.ttl = timedelta(days=30)
        checkpoint.add_dir(str(tale.write({"step.txt": f"{run.id} {run.step}\n"})))
        run.log_artifact(checkpoint)
        run.finish(exit_code=1)


def leave(tale: Tale, one: Growing) -> None:
    """Begin a run that is still under way."""
    made = making.trained(tale, one, stepwise=True)
    with by("Eve"):
        account = _account(tale, one, made)
        account.summary.update(made.curves[20])
        runs.begin(tale.workspace.project(one.project), account.id, account.document, None)


def _artifact(tale: Tale, one: Growing, made: Made) -> Artifact:
    artifact = Artifact(f"{one.use.name}-{CALLED[one.registry]}", one.registry, metadata=made.metadata)
    artifact.add_dir(str(tale.write(made.files)))
    artifact.metrics.update(made.metrics)
    return artifact


@contextmanager
def _measuring(tale: Tale, one: Growing, made: Made) -> Iterator[Run]:
    """Begin a run that has measured all it will; finish it in the end."""
    account = _account(tale, one, made)
    catalog = tale.workspace.project(one.project)
    rows = measuring.Rows(measuring.file_of(catalog.repository, one.project, account.id))
    runs.begin(catalog, account.id, account.document, None)
    steps = Steps(rows=rows, summary=account.summary, started=account.started)
    run = Run(tale.workspace, account, steps, ended=lambda _run: None)
    for used in made.uses:
        run.use_artifact(used)
    run.define_metric("val.loss", summary="min")
    tale.clock.pace = timedelta(seconds=tale.chance.choice((2, 5, 20)))
    for values in made.curves:
        run.log(values)
    tale.clock.pace = MOMENT
    yield run
    run.finish()


def _account(tale: Tale, one: Growing, made: Made) -> Account:
    tale.runs += 1
    chance, now = tale.chance, tale.clock()
    account = Account(
        id="".join(chance.choices("abcdefghijkmnpqrstuvwxyz23456789", k=8)),
        project=one.project,
        started=now,
        name=f"{chance.choice(words.MOODS)}-{chance.choice(words.ANIMALS)}-{tale.runs}",
        job_type=made.job,
        group=f"{one.use.name}-{now:%Y-%m}" if made.job == "train" else None,
        notes=chance.choice(words.RUN_NOTES) if made.job == "train" else None,
        tags=tuple(chance.sample(words.TAGS, chance.choice((0, 0, 1)))),
        code=_code(one, made, f"{now:%Y-%m}"),
    )
    account.config.update(made.config)
    return account


def _code(one: Growing, made: Made, month: str) -> Code:
    repository = f"https://git.acme.example/ml/{one.project}.git"
    commit = hashlib.sha1(f"{repository} {month}".encode(), usedforsecurity=False).hexdigest()
    return Code(repository=repository, commit=commit, path=f"{made.job}.py", args=(f"--data={one.use.data}",))
