"""Are the hooks there, and does the host run them?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from git_registry.repository import hooks
from git_registry.sdk.serving.settings import SIGNED
from git_registry.sdk.serving.status import JUDGING, HookState
from git_registry.sdk.serving.symptom import Examined, Symptom, advice, problem
from git_registry.sdk.serving.whose import Whose

_WRITABLE_BY_OTHERS = 0o022


def hook_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what is wrong with the hooks themselves."""
    for state in seen.status.hooks:
        yield from _whose(seen, state)
        yield from _running(seen, state)
        yield from _guarded(state)
        if state.stands.name == "update":
            yield from _by_ref(seen)


def reach_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what keeps the host from running a hook that is there."""
    elsewhere = seen.repository.config("core.hooksPath")
    layout = seen.status.layout.name
    if elsewhere is not None and layout in ("gitolite", "gitea"):
        yield problem(
            "core.hooksPath",
            f"Git looks for hooks in {elsewhere}",
            f"the hooks of {layout} are passed by, and ours with them",
            seen.config("--unset-all", "core.hooksPath"),
        )
    elif layout == "gitolite":
        yield from _linked(seen)
    elif layout == "gitea":
        yield from _delegated(seen)


def _whose(seen: Examined, state: HookState) -> Iterator[Symptom]:
    name, whose, place = state.stands.name, state.stands.whose, state.stands.place
    if whose is Whose.OUTDATED:
        tell = problem if name in JUDGING else advice
        found = f"{place} was written by another release, or changed since"
        yield tell(name, found, "what it does can't be told", seen.install())
    if whose.runs_ours:
        return
    missing = (
        "nothing is there"
        if whose is Whose.NONE
        else "another hook is there, and that it runs ours can't be told"
    )
    if name in JUDGING:
        yield problem(name, f"{missing}: {place}", "nobody judges what is pushed", seen.install())
    elif name == "post-receive":
        yield advice(name, f"{missing}: {place}", "nobody notes who pushed what", seen.install())
    else:
        yield advice(name, f"{missing}: {place}", "the server's answer is heard late", seen.install())


def _running(seen: Examined, state: HookState) -> Iterator[Symptom]:
    if not state.trouble:
        return
    name = state.stands.name
    if not state.stands.is_executable:
        tell = problem if name in JUDGING else advice
        yield tell(name, state.trouble, "it is as if it were not there", f"chmod +x {state.stands.place}")
    elif name in JUDGING:
        why = "nothing can be pushed"
        yield problem(name, state.trouble, why, f"{seen.install()}, with a Python that its account can run")
    else:
        yield advice(name, state.trouble, "the hook can't run", seen.install())


def _guarded(state: HookState) -> Iterator[Symptom]:
    """Yield where somebody else could put another hook."""
    place = state.stands.place
    for path in (place.parent, place):
        with suppress(OSError):
            if path.stat().st_mode & _WRITABLE_BY_OTHERS:
                why = "who may write there decides what is judged"
                yield problem(
                    state.stands.name, f"{path} can be written by others", why, f"chmod go-w {path}"
                )


def _by_ref(seen: Examined) -> Iterator[Symptom]:
    yield advice(
        "update",
        "a push is judged ref by ref",
        "some of its refs may move where others are refused",
        f"{seen.install()}, if the host runs pre-receive",
    )
    if seen.status.identity == SIGNED:
        why = "Git tells update nothing of a signed push, so nothing can be pushed"
        yield problem("update", "pushes shall be signed", why, seen.install())


def _linked(seen: Examined) -> Iterator[Symptom]:
    """Yield hooks of LOCAL_CODE that gitolite has not linked into this repository yet."""
    for name, place in seen.status.layout.places.items():
        link = seen.repository.common_dir / "hooks" / name
        if os.path.lexists(place) and link.resolve() != place.resolve():
            yield problem(
                name,
                f"{link} does not lead to {place}",
                "gitolite has not been told of it",
                "as the account that gitolite runs as: gitolite setup --hooks-only",
            )


def _delegated(seen: Examined) -> Iterator[Symptom]:
    """Yield hooks that do not hand on to the directory in which ours is."""
    for name in seen.status.layout.places:
        place = hooks.place_of(seen.repository, name)
        if not (_names(_text(place), name) and os.access(place, os.X_OK)):
            mend = "as an admin of the host: gitea admin regenerate hooks"
            yield problem(name, f"{place} does not run what is in {name}.d", "ours is never asked", mend)


def _names(text: str, name: str) -> bool:
    """Does a line of a script name the directory of a hook, as Gitea writes it or in full?"""
    directory = re.compile(rf"({name}|\$hookname|\$\{{hookname\}})\.d\b")
    return any(directory.search(line) for line in text.splitlines() if not line.lstrip().startswith("#"))


def _text(place: Path) -> str:
    return (hooks.read(place) or b"").decode(errors="replace")
