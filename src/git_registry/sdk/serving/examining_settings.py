"""Do the repository's own settings, and the files it consists of, hold against who pushes?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from git_registry.policy.settings import FOR_REVIEW, PROC_RECEIVE, REVIEWING
from git_registry.sdk.serving.beginning import is_empty, lead, strays
from git_registry.sdk.serving.ground import owner_of
from git_registry.sdk.serving.settings import SIGNED, is_true, recommended
from git_registry.sdk.serving.symptom import Examined, Symptom, advice, problem

_WEAKENING = ("receive.fsckObjects", "receive.certNonceSeed")
"""Settings whose absence lets something in; the others only help."""

_CLASHING = {
    "receive.denyNonFastForwards": "nobody can rewrite a proposal of their own",
    "receive.denyDeletes": "nobody can delete a proposal of their own",
}
"""Settings that forbid everywhere what the hook forbids where it matters."""

_OWN_ALONE = (None, "umask", "false", "no", "off", "0", "0600", "0700")
_OLDEST_GIT = (2, 31)
_OF_NO_COMMITS = ("projects/", "proposals/")
_CERTIFICATES = "gpg.ssh.allowedSignersFile"


def setting_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield settings that are missing, or clash with what the hook does."""
    for setting in recommended(seen.status.identity):
        if not setting.is_met(setting.there(seen.repository)):
            tell = problem if setting.key in _WEAKENING else advice
            add = ("--add",) if setting.among_others else ()
            mend = seen.install() if setting.secret else seen.config(*add, setting.key, setting.value())
            yield tell(setting.key, "it is not set so", setting.why, mend)
    for key, why in _CLASHING.items():
        if is_true(seen.repository.config_all(key)):
            yield advice(key, "it is set", why, seen.config(key, "false"))
    taken = {FOR_REVIEW} if seen.status.identity == REVIEWING else set()
    if set(seen.repository.config_all(PROC_RECEIVE)) - taken:
        yield problem(
            PROC_RECEIVE,
            "another hook moves some refs",
            "where they end up nobody judges",
            seen.config("--unset-all", PROC_RECEIVE),
        )
    yield from _shared(seen)
    yield from _certificates(seen)


def head_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield why it is not clear which branch is judged step by step."""
    head = seen.repository.head()
    mend = lead(seen.repository)
    if head.branch is None:
        yield problem("HEAD", "it is on no branch", "no branch is the one with the registries", mend)
    elif head.branch.startswith(_OF_NO_COMMITS):
        why = "the branch with the registries is not judged as that"
        yield problem("HEAD", f"it is on {head.branch}", why, mend)
    elif strays(seen.repository):
        found = f"it names {head.branch}, which isn't there"
        yield advice("HEAD", found, "the first push goes there, or HEAD to where it goes", mend)
    elif head.commit is None and not is_empty(seen.repository):
        why = "the branch with the registries is not judged as that"
        yield problem("HEAD", f"there is no branch {head.branch}, and there are others", why, mend)


def file_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield files that others may write, or that Git borrows."""
    top, owner = seen.repository.common_dir, owner_of(seen.repository)
    for path in _parts(top):
        found = path.stat()
        if found.st_mode & 0o002:
            why = "any account of the machine writes past the hooks"
            yield problem(str(path), "anybody may write there", why, f"chmod -R o-w {seen.path}")
        elif found.st_uid != owner:
            why = "Git refuses what it does not own, or can't write it"
            yield advice(str(path), "it belongs to another account", why, f"chown -R {owner} {seen.path}")
    if (top / "objects/info/alternates").exists():
        why = "what is lost or changed there is lost here"
        yield advice(
            "objects", "some are borrowed from another repository", why, f"git -C {seen.path} repack -ad"
        )


def git_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield that Git is too old."""
    said = seen.repository.git("version").text
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < _OLDEST_GIT:
        yield problem("git", f"it is {said}", "the hooks need 2.31 or newer", "install a newer Git")


def _shared(seen: Examined) -> Iterator[Symptom]:
    shared = seen.repository.config("core.sharedRepository")
    if shared is not None and shared.lower() not in _OWN_ALONE:
        yield problem(
            "core.sharedRepository",
            f"it is {shared}: several accounts of the machine write to the files",
            "each of them can move a ref past the hooks",
            "let one account serve all, and " + seen.config("core.sharedRepository", "umask"),
        )


def _certificates(seen: Examined) -> Iterator[Symptom]:
    """Yield that Git can't check the signature of a push: for ssh keys it needs a file, whatever is in it."""
    if seen.status.identity != SIGNED:
        return
    named = seen.repository.config(_CERTIFICATES)
    if named is None or not Path(named).expanduser().is_file():
        yield problem(
            _CERTIFICATES,
            "there is no such file" if named else "it is not set",
            "Git takes no push that is signed with an ssh key",
            seen.config(_CERTIFICATES, "/path/to/allowed_signers"),
        )


def _parts(top: Path) -> Iterator[Path]:
    for name in ("", "HEAD", "config", "hooks", "objects", "refs", "packed-refs"):
        with suppress(OSError):
            path = top / name
            path.stat()
            yield path
