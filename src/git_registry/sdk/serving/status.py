"""What a repository has of hooks: whose they are, whether they can run, and who is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.policy.settings import (
    ACCOUNTS,
    ADAPTERS,
    APPROVALS,
    IDENTITY,
    RESCUE,
    adapter_of,
    is_adapter,
)
from git_registry.repository.repository import Repository
from git_registry.sdk.serving.ground import opened
from git_registry.sdk.serving.interpreter import trouble
from git_registry.sdk.serving.layouts import Layout, Wish, layout_of
from git_registry.sdk.serving.shims import module
from git_registry.sdk.serving.whose import Stands, Whose, stands

JUDGING = ("pre-receive", "update")
"""Hooks that say whether a push may be."""


USER = "registry.user"
"""Who works in a clone, by its own git config."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookState:
    """One hook as it stands, and why it could not run; empty if it can, or if that can't be told."""

    stands: Stands
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookStatus:
    """What a repository has of hooks.

    Attributes:
        identity: the adapter that says who pushes; None if nobody does.
        accounts: who hands out names, as somebody said it; None leaves it to the adapter.
        rescue: who may make the first push, and mend a policy that can't be read.
        approvals: `forge` where approvals are given there.
        user: who works in a clone; None if nobody says.
    """

    repository: Path
    layout: Layout
    hooks: Sequence[HookState]
    identity: str | None
    accounts: str | None
    rescue: Sequence[str]
    approvals: str | None
    user: str | None

    @property
    def handing_out(self) -> str | None:
        """Return who hands out names: as it was said, else as the adapter has it; None if there is none."""
        known = self.identity is not None and is_adapter(self.identity)
        default = ADAPTERS[adapter_of(self.identity or "")][0] if known else None
        return self.accounts or default

    @property
    def judging(self) -> Stands | None:
        """Return the hook that says whether a push may be; None if the host is asked for none."""
        return next((one.stands for one in self.hooks if one.stands.name in JUDGING), None)


def status(path: Path, layout: str | None = None, into: Path | None = None) -> HookStatus:
    """Look at the hooks of a repository, where its host looks for them.

    Raises:
        NotFound: there is no repository.
        UsageError: where hooks go can't be told.
    """
    repository = opened(path)
    return status_of(repository, layout_of(repository, layout, Wish(into=into)))


def status_of(repository: Repository, layout: Layout) -> HookStatus:
    """Look at the hooks of a repository that is open."""
    return HookStatus(
        repository=repository.common_dir,
        layout=layout,
        hooks=[_state(repository, one) for one in _found(layout)],
        identity=repository.config(IDENTITY),
        accounts=repository.config(ACCOUNTS),
        rescue=repository.config_all(RESCUE),
        approvals=repository.config(APPROVALS),
        user=repository.config(USER),
    )


def _found(layout: Layout) -> list[Stands]:
    """Return what stands for each hook; `update` where ours stands there and no `pre-receive` does."""
    found = {name: stands(name, place) for name, place in layout.places.items()}
    if "pre-receive" in found and layout.name == "bare" and not found["pre-receive"].whose.runs_ours:
        update = stands("update", layout.places["pre-receive"].with_name("update"))
        if update.whose is not Whose.NONE and update.whose.runs_ours:
            found = {"update": update} | {name: one for name, one in found.items() if name != "pre-receive"}
    return list(found.values())


def _state(repository: Repository, one: Stands) -> HookState:
    why = ""
    if one.whose is not Whose.NONE and not one.is_executable:
        why = "it is not executable, so Git passes it by"
    elif one.python is not None:
        found = trouble(one.python, module(one.name), repository.common_dir)
        why = f"{one.python}: {found}" if found else ""
    return HookState(stands=one, trouble=why)
