"""Where a host looks for the hooks of a repository."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import UsageError
from git_registry.repository import hooks
from git_registry.repository.repository import Repository
from git_registry.sdk.serving.ground import home_of, owner_of

ENFORCING = ("pre-receive", "post-receive")
PER_REF = ("update", "post-receive")
ADVISING = ("pre-push", "pre-commit")

_OURS = "git-registry"
"""What our hook is called in a directory that holds those of others, too."""

_LOCAL_CODE = re.compile(r"""^\s*LOCAL_CODE\s*=>\s*(["'])(.+?)\1""", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where hooks go.

    Attributes:
        name: as it is typed.
        places: by hook, the file.
        shared: do they serve other repositories as well?
        then: what is left to a person.
    """

    name: str
    places: Mapping[str, Path]
    shared: bool = False
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person said of where hooks go.

    Attributes:
        into: a directory of the host's that can't be found: gitolite's LOCAL_CODE, GitLab's custom_hooks_dir.
        hooks: which of those that judge.
    """

    into: Path | None = None
    hooks: Sequence[str] = ENFORCING


def layout_of(repository: Repository, name: str | None, wish: Wish) -> Layout:
    """Return where hooks go, by the layout that is named, or by what the repository looks like.

    Raises:
        UsageError: a directory is needed, or another layout is.
    """
    name = name or detected(repository)
    if name not in LAYOUTS:
        raise UsageError(f"there is no layout {name!r}", hint=f"one of {', '.join(LAYOUTS)}")
    return LAYOUTS[name](repository, wish)


def detected(repository: Repository) -> str:
    """Return the name of the layout that a repository has."""
    if not repository.is_bare_at_heart:
        return "clone"
    return next((name for name, mark in _MARKS.items() if mark(repository.common_dir)), "bare")


def _bare(repository: Repository, wish: Wish) -> Layout:
    places = {name: hooks.place_of(repository, name) for name in wish.hooks}
    then: tuple[str, ...] = ()
    if wish.into is not None:
        places = {name: wish.into / name for name in wish.hooks}
        then = (f"as the account that serves: git config --global core.hooksPath {wish.into}",)
    return Layout(
        name="bare", places=places, shared=wish.into is not None or _serves_others(repository), then=then
    )


def _serves_others(repository: Repository) -> bool:
    """Does an account, or the machine, say for all its repositories where hooks are?

    One that says so itself is served alone, as far as anybody knows: there, who says nothing is refused.
    """
    told = repository.git("config", "--show-scope", "--get", "core.hooksPath", check=False).text
    return told.partition("\t")[0] in ("global", "system")


def _gitolite(repository: Repository, wish: Wish) -> Layout:
    common = (wish.into or _local_code(repository)) / "hooks" / "common"
    _require_whole_push("gitolite", wish)
    return Layout(
        name="gitolite",
        places={name: common / name for name in wish.hooks},
        shared=True,
        then=("as the account that gitolite runs as: gitolite setup --hooks-only",),
    )


def _gitlab(repository: Repository, wish: Wish) -> Layout:
    _require_whole_push("GitLab", wish)
    top = wish.into or repository.common_dir / "custom_hooks"
    then = "on every Gitaly node that holds this repository: the same, for it copies no hooks"
    return Layout(name="gitlab", places=_among_others(top, wish), shared=wish.into is not None, then=(then,))


def _gitea(repository: Repository, wish: Wish) -> Layout:
    _require_whole_push("Gitea", wish)
    return Layout(name="gitea", places=_among_others(repository.common_dir / "hooks", wish))


def _clone(repository: Repository, _wish: Wish) -> Layout:
    return Layout(name="clone", places={name: hooks.place_of(repository, name) for name in ADVISING})


def _among_others(top: Path, wish: Wish) -> dict[str, Path]:
    return {name: top / f"{name}.d" / _OURS for name in wish.hooks}


def _require_whole_push(host: str, wish: Wish) -> None:
    """Refuse `update` where a host offers better: it sees a push ref by ref, and lets some through."""
    if "update" in wish.hooks:
        raise UsageError(
            f"{host} runs pre-receive, which judges a push as a whole", hint="leave --update out"
        )


def _local_code(repository: Repository) -> Path:
    """Return gitolite's LOCAL_CODE as the owner's `.gitolite.rc` has it.

    Raises:
        UsageError: it isn't there, or is not set.
    """
    home = home_of(owner_of(repository))
    rc = home / ".gitolite.rc"
    found = _LOCAL_CODE.search((hooks.read(rc) or b"").decode(errors="replace"))
    if found is None:
        raise UsageError(
            "LOCAL_CODE is not set, so gitolite has no place for hooks of others",
            where=str(rc),
            hint="set it there, or name the directory: --into DIRECTORY",
        )
    places = {"$ENV{HOME}": str(home), "$rc{GL_ADMIN_BASE}": str(home / ".gitolite")}
    text = found[2]
    for variable, value in places.items():
        text = text.replace(variable, value)
    return home / text


def _is_gitolite(directory: Path) -> bool:
    return b"Gitolite" in (hooks.read(directory / "hooks" / "update") or b"")


_MARKS: Mapping[str, Callable[[Path], bool]] = {
    "gitolite": _is_gitolite,
    "gitea": lambda directory: (directory / "hooks" / "pre-receive.d").is_dir(),
    "gitlab": lambda directory: "@hashed" in directory.parts or (directory / "custom_hooks").is_dir(),
}

LAYOUTS: Mapping[str, Callable[[Repository, Wish], Layout]] = {
    "bare": _bare,
    "gitolite": _gitolite,
    "gitlab": _gitlab,
    "gitea": _gitea,
    "clone": _clone,
}
"""One more host is one more function, and how a repository on it is recognised."""
