"""`init`: a run begins."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from git_registry.catalog import projects
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.run import Run as Document
from git_registry.model.names import NAME, PLACE, TEXT
from git_registry.sdk import measuring, runs
from git_registry.sdk.blobs import LARGEST_LIST, blobs
from git_registry.sdk.measuring import Rows
from git_registry.sdk.provenance import provenance
from git_registry.sdk.surface import current, leftovers, naming
from git_registry.sdk.surface.account import Account
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.mapping import mapping_of
from git_registry.sdk.surface.run import Run
from git_registry.sdk.surface.settings import Settings
from git_registry.sdk.surface.steps import Steps
from git_registry.sdk.surface.temporary import temporary
from git_registry.sdk.surface.workspace import MODES, Workspace, note

_ADJECTIVES = (
    "brisk calm deft eager fair glad keen lucid mild neat noble proud quiet rapid sharp sunny tidy vivid"
)
_NOUNS = (
    "otter heron maple comet cedar finch harbor lagoon meadow orchid pebble quartz raven summit tundra willow"
)
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 8
_RESUMING = ("allow", "must", "auto", True)


def init(  # noqa: D417 - several are documented together; the signature is W&B's
    entity: str | None = None,
    project: str | None = None,
    dir: str | Path | None = None,
    id: str | None = None,
    name: str | None = None,
    notes: str | None = None,
    tags: str | Sequence[str] | None = None,
    config: object = None,
    config_exclude_keys: Sequence[str] | None = None,
    config_include_keys: Sequence[str] | None = None,
    allow_val_change: bool | None = None,
    group: str | None = None,
    job_type: str | None = None,
    mode: str | None = None,
    force: bool | None = None,
    reinit: bool | str | None = None,
    resume: bool | str | None = None,
    resume_from: str | None = None,
    fork_from: str | None = None,
    save_code: bool | None = None,
    tensorboard: bool | None = None,
    sync_tensorboard: bool | None = None,
    monitor_gym: bool | None = None,
    settings: object = None,
    anonymous: object = None,
    *,
    path: str | Path | None = None,
) -> Run:
    """Begin a run: one execution that uses, measures, logs and links.

    Args:
        entity: the organization, one of its teams or users; for scripts that name one.
        project: where it belongs, a branch of its own; `GIT_REGISTRY_PROJECT`, else `uncategorized`.
        dir: W&B's; nothing is written beside the script.
        id: its id; made up if not given. One that exists is only continued with `resume`.
        name: how people call it; made up if not given.
        notes: what is to be said about it.
        tags: labels.
        config: what it was told to do: a mapping, or what has it as attributes.
        config_exclude_keys, config_include_keys: which of it to leave out, or to take alone.
        allow_val_change: W&B's; values may always change.
        group: which runs belong together.
        job_type: which job of a pipeline it is: `train`.
        mode: `online` publishes at once, `offline` leaves that to `git registry sync`, `disabled` keeps all
            of it in an organization that is thrown away; `GIT_REGISTRY_MODE`, else online.
        force, save_code, tensorboard, sync_tensorboard, monitor_gym, settings, anonymous: W&B's; they change
            nothing.
        reinit: what becomes of a run that is under way: it is returned (by default), finished
            (`finish_previous`, True), or goes on beside the new one (`create_new`).
        resume: `must` continues the run with this id, `allow` does if it is there, `never` refuses to.
        resume_from, fork_from: W&B's; they are refused.
        path: the clone or its URL; by default found as commands find it.

    Raises:
        NotFound: there is no organization; or none of that id to resume.
        UsageError: a name is not allowed, or the entity is another organization's.
        Conflict: there is a run with this id already.
        Refused: the remote does not take runs of this project.
    """
    del (
        dir,
        allow_val_change,
        force,
        save_code,
        tensorboard,
        sync_tensorboard,
        monitor_gym,
        anonymous,
    )
    if resume_from or fork_from:
        raise UsageError("runs are not forked", hint="begin a new one; resume= continues one that crashed")
    previous = _previous(reinit, project)
    if previous is not None:
        return previous
    asked = vars(settings) if isinstance(settings, Settings) else {}
    mode = mode or asked.get("mode") or _environment("GIT_REGISTRY_MODE", "WANDB_MODE") or "online"
    workspace = _workspace(mode, path)
    _require_organization(workspace)
    naming.check_entity(workspace, entity)
    account = Account(
        id=id or asked.get("run_id") or _made_up_id(),
        project=project
        or asked.get("project")
        or _environment(naming.PROJECT, "WANDB_PROJECT")
        or naming.UNCATEGORIZED,
        started=workspace.clock(),
        name=name,
        job_type=job_type,
        group=group,
        notes=notes,
        tags=tuple(listed(tags)),
        code=provenance(sys.argv, Path.cwd()),
    )
    _check(workspace, account)
    account.config.update(_chosen(mapping_of(config), config_exclude_keys, config_include_keys))
    return _begun(workspace, account, resume)


def _previous(reinit: bool | str | None, project: str | None) -> Run | None:
    """Return the run under way if it shall go on alone; finish it if it shall not go on."""
    one = current.run()
    if one is None or reinit == "create_new":
        return None
    if reinit in (None, False, "default", "return_previous"):
        if project not in (None, one.project):
            note(f"the run {one.project}/{one.id} is under way, and goes on; reinit= or finish() ends it")
        return one
    one.finish()
    return None


def _environment(ours: str, theirs: str) -> str | None:
    """Return what is set for us, or else for W&B: a script that was told to stay offline does."""
    return os.environ.get(ours) or os.environ.get(theirs)


def _require_organization(workspace: Workspace) -> None:
    """Raise `NotFound` if what was found holds no organization: a script is often in a repository of code."""
    try:
        workspace.catalog.now().organization()
    except NotFound as nowhere:
        raise NotFound(
            nowhere.message,
            where=str(workspace.catalog.repository.gitdir),
            hint="set GIT_REGISTRY to a clone of your organization or its URL, or pass path=",
        ) from None


def _workspace(mode: str, path: str | Path | None) -> Workspace:
    if mode == "disabled":
        return temporary()
    if mode not in MODES:
        raise UsageError(f"a mode is online, offline or disabled, not {mode!r}")
    return Workspace(path=str(path) if path else None, reach=MODES[mode])


def _check(workspace: Workspace, account: Account) -> None:
    problem = PLACE.problem(account.project)
    if problem:
        fitting = re.sub(r"[^A-Za-z0-9._-]+", "-", account.project).strip("-.")
        raise UsageError(problem, where="project", hint=f"such as {fitting!r}" if fitting else "")
    NAME.check(account.id)
    for one in account.tags:
        TEXT.check(one)
    _require_no_twin(workspace, account.project)


def _require_no_twin(workspace: Workspace, project: str) -> None:
    """Raise `Conflict` if a project differs in case alone: their branches are one file on some systems."""
    there = projects.projects(workspace.catalog.repository)
    twin = next((one for one in there if one != project and one.casefold() == project.casefold()), None)
    if twin:
        raise Conflict(f"{project!r} differs from {twin!r} in case alone", where="project")


def _chosen(
    config: Mapping[str, object], exclude: Sequence[str] | None, include: Sequence[str] | None
) -> dict[str, object]:
    return {
        name: value
        for name, value in config.items()
        if name not in (exclude or ()) and (include is None or name in include)
    }


def _begun(workspace: Workspace, account: Account, resume: bool | str | None) -> Run:
    leftovers.settle(workspace)
    workspace.refresh()
    catalog = workspace.project(account.project)
    there = runs.recorded(catalog, account.id)
    _require_wanted(account, there, resume)
    rows = Rows(measuring.file_of(catalog.repository, account.project, account.id))
    try:
        if there is not None:
            account.resume(there)
            _continue(workspace, there, rows)
        account.name = account.name or _made_up_name()
        steps = Steps(rows=rows, summary=account.summary, started=account.started)
        run = Run(workspace, account, steps, ended=current.end)
        runs.begin(catalog, account.id, account.document, there)
    except BaseException:
        if there is None:
            rows.drop()
        rows.close()
        raise
    current.begin(run)
    return run


def _require_wanted(account: Account, there: Document | None, resume: bool | str | None) -> None:
    where = f"projects/{account.project}/runs/{account.id}"
    if there is None and resume == "must":
        raise NotFound("there is no such run to resume", where=where)
    if there is not None and resume not in _RESUMING:
        raise Conflict("there is such a run already", where=where, hint='resume="allow" continues it')


def _continue(workspace: Workspace, there: Document, rows: Rows) -> None:
    if there.history is not None:
        where = blobs(workspace.catalog)
        uri = where.readable(there.history.digest, there.history.uri)
        rows.begin_with(where.store.read(there.history.digest, uri=uri, at_most=LARGEST_LIST))


def _made_up_id() -> str:
    return "".join(random.SystemRandom().choices(_LETTERS, k=_ID_LENGTH))


def _made_up_name() -> str:
    chance = random.SystemRandom()
    return "-".join(
        (chance.choice(_ADJECTIVES.split()), chance.choice(_NOUNS.split()), str(chance.randint(1, 99)))
    )
