"""Other repositories: cloning, fetching, pushing. All by the git binary, which knows the user's
credentials and runs hooks; libgit2's own push does neither, and loses updates to local paths.
"""  # noqa: D205

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import NetworkError, UsageError
from git_registry.repository import patience
from git_registry.repository.process import Git, Output, TookTooLong
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES, OVERTAKEN
from git_registry.repository.upstream import Upstream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

LOST_RACE = (
    "fetch first",
    "non-fast-forward",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
    "incorrect old value provided",
    "reference already exists",
    "atomic push failed",
)
"""What git says of a ref that somebody else moved, before or while we pushed, or of one pushed with that."""

PATIENCE = 10.0
"""Seconds after which a person is told who does not answer. How long to wait, `patience` says."""

FAILED_TO_PUSH = 1  # its exit status when refs were refused; 128 when there was no talking at all


class Fate(StrEnum):
    """What became of one ref that was pushed."""

    OK = "ok"
    UP_TO_DATE = "up to date"
    REJECTED = "rejected"
    """Somebody else was first: fetch, and try again."""
    REFUSED = "refused"
    """A hook or the server's settings do not allow it: trying again is of no use."""


class PushedRef(NamedTuple):
    """One ref that was pushed, its full name here (empty: deleted) and there."""

    local: str
    remote: str
    fate: Fate
    reason: str


class PushResult(NamedTuple):
    """What became of a push, and what the other side, or a local hook, said to it.

    Attributes:
        here: was it stopped here, by a `pre-push` hook, before the other side was asked?
    """

    refs: tuple[PushedRef, ...]
    said: str
    here: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything is there now."""
        return all(ref.fate in (Fate.OK, Fate.UP_TO_DATE) for ref in self.refs)

    @property
    def rejected(self) -> bool:
        """Whether somebody else was first, and nothing was refused."""
        return any(ref.fate is Fate.REJECTED for ref in self.refs) and not self.refused

    @property
    def refused(self) -> bool:
        """Whether a hook or setting said no."""
        return any(ref.fate is Fate.REFUSED for ref in self.refs)

    @property
    def refuser(self) -> str:
        """Who said no, if somebody did."""
        return "the pre-push hook here" if self.here else "the remote"


def clone(
    url: str,
    directory: str | Path,
    *,
    branch: str | None = None,
    depth: int | None = None,
    filter_: str | None = None,
    options: Sequence[str] = (),
) -> Repository:
    """Clone a repository and open the clone; raise `NetworkError` in git's words if that fails.

    Args:
        url: what to clone.
        directory: where to; missing or empty.
        branch: the branch to check out, if not the remote's own choice.
        depth: how many commits to take, from the tips.
        filter_: which objects to leave there until needed, such as `blob:none`.
        options: further options of git-clone(1), such as `--bare`.
    """
    chosen = [
        *([f"--branch={branch}"] if branch else []),
        *([f"--depth={depth}"] if depth else []),
        *([f"--filter={filter_}"] if filter_ else []),
    ]
    from git_registry.repository import outside

    command = ("clone", "--quiet", *chosen, *options, "--", url, str(directory))
    _talked(_talk(Git(), outside.setting, command))
    return Repository.open(Path(directory).absolute())


def fetch(
    repository: Repository,
    remote: str,
    refspecs: Sequence[str] = (),
    *,
    also: Sequence[str] = (),
    options: Sequence[str] = (),
    turn: float | None = None,
) -> None:
    """Fetch from a remote; raise `NetworkError` in git's words if that fails.

    `also` are refspecs besides those that are configured, where some are; that takes no second look there.
    Two fetches that move the same ref would fail each other, so there is one of ours at a time. A person's
    own, or an editor's, may come between: then it is done again.

    Raises:
        Conflict: another fetch of ours went on for more than `turn` seconds.
    """
    # Whoever only reads needs none of what waiting needs.
    from git_registry.repository.refs import FETCHING, TRIES, pause, queue

    configured = f"remote.{remote}.fetch"
    besides = [word for one in also for word in ("-c", f"{configured}={one}")]
    command = (
        *(besides if repository.config(configured) else ()),
        *("fetch", "--quiet", "--no-write-fetch-head", *options, "--", remote, *refspecs),
    )
    with queue(repository, FETCHING, seconds=turn), _telling(repository, remote):
        for attempt in range(TRIES):
            done = _talk(repository.command, repository.config, command)
            if done.code == 0 or "cannot lock ref" not in done.stderr:
                break
            pause(attempt)
    _talked(done)


def deepen(repository: Repository, remote: str) -> None:
    """Fetch the history a shallow clone lacks, without the content of its files."""
    if repository.is_shallow:
        fetch(repository, remote, options=("--unshallow", "--filter=blob:none"))
        repository.forget_config()  # it is a partial clone now


def prefetch(repository: Repository, remote: str, object_ids: Iterable[str]) -> None:
    """Fetch objects a partial clone lacks, all in one go; one by one git would take 9 ms for each."""
    wanted = "".join(f"{object_id}\n" for object_id in object_ids)
    command = (
        *("-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"),
        *("--recurse-submodules=no", "--filter=blob:none", "--stdin", "--", remote),
    )
    if wanted:
        with _telling(repository, remote):
            _talked(_talk(repository.command, repository.config, command, input_=wanted.encode()))


def remote_tip(repository: Repository, remote: str, ref: str) -> str | None:
    """Return what a ref holds on the remote now, without fetching; None if it has no such ref."""
    listed = advertised(repository, remote, ref)
    return next((line.split("\t")[0] for line in listed if line.endswith(f"\t{ref}")), None)


def advertised(repository: Repository, remote: str, *patterns: str) -> list[str]:
    """Return what a remote says of its refs, a line each (git-ls-remote(1), `--symref`), without fetching.

    Raises:
        NetworkError: in git's words; or it said nothing for too long.
    """
    command = ("ls-remote", "--quiet", "--symref", "--", remote, *patterns)
    try:
        with _telling(repository, remote):
            done = _talk(repository.command, repository.config, command, seconds=patience.SECONDS)
    except TookTooLong as silent:
        raise NetworkError(silent.message) from None
    return _talked(done).text.splitlines()


def push(
    repository: Repository,
    remote: str,
    refspecs: Sequence[str],
    *,
    expect: Mapping[str, str | None] | None = None,
    atomic: bool = False,
    push_options: Sequence[str] = (),
) -> PushResult:
    """Push, and return what became of each ref. A refusal is an answer, not an exception.

    Args:
        repository: what to push from.
        remote: its name or URL.
        refspecs: such as `refs/heads/main:refs/heads/main`.
        expect: by full name, what a ref on the remote must be at (None: must not exist) to be moved,
            even backwards (`--force-with-lease`).
        atomic: all refs or none.
        push_options: for the hooks there (`--push-option`).

    Raises:
        NetworkError: the remote could not be reached, or there was no talking to it.
    """
    leases = [f"--force-with-lease={ref}:{old or ''}" for ref, old in (expect or {}).items()]
    told = [f"--push-option={option}" for option in push_options]
    shape = ["--atomic"] if atomic else []
    command = ("push", "--porcelain", *shape, *leases, *told, "--", remote, *refspecs)
    with _telling(repository, remote):
        done = _talk(repository.command, repository.config, command)
    refs = tuple(map(_pushed, (line for line in done.text.splitlines() if line[1:2] == "\t")))
    said = without_credentials(done.stderr)
    if any(row.rstrip().endswith(OVERTAKEN) for row in said.splitlines()):
        refs = tuple(one._replace(fate=Fate.REJECTED) if one.fate is Fate.REFUSED else one for one in refs)
    if done.code not in (0, FAILED_TO_PUSH) and not any(ref.fate is Fate.REFUSED for ref in refs):
        raise NetworkError(_on_one_line(said) or f"git push ended with status {done.code}")
    if done.code != 0 and not refs:
        # The pre-push hook here, or a refspec that names nothing: git stopped before it began.
        said = _without_summary(said)
        return PushResult(tuple(_stopped(refspec, said) for refspec in refspecs), said, here=True)
    return PushResult(refs, _heard(said))


def takes_pushes(repository: Repository, remote: str, ref: str, branch: str) -> bool:
    """Does a remote talk to us about a push at all? Nothing is pushed; what its hooks would say is not asked.

    Args:
        repository: what would be pushed from.
        remote: its name or URL.
        ref: what would be pushed.
        branch: where to.
    """
    command = ("push", "--porcelain", "--dry-run", "--no-verify", "--", remote, f"{ref}:{BRANCHES}{branch}")
    with _telling(repository, remote):
        done = _talk(repository.command, repository.config, command)
    return done.code in (0, FAILED_TO_PUSH)


def upstream(repository: Repository, branch: str) -> Upstream | None:
    """Return what a branch follows (`branch.<name>.remote` and `.merge`), or None."""
    remote = repository.config(f"branch.{branch}.remote")
    ref = repository.config(f"branch.{branch}.merge")
    if not remote or not ref:
        return None
    return Upstream(remote, ref, ref if remote == "." else tracking(repository, remote, ref))


def tracking(repository: Repository, remote: str, ref: str) -> str | None:
    """Return the ref here that remembers a remote's ref (`remote.<name>.fetch`), or None."""
    for refspec in repository.config_all(f"remote.{remote}.fetch"):
        source, _, target = refspec.removeprefix("+").partition(":")
        start, star, end = source.partition("*")
        if not star and ref == source and target:
            return target
        fits = len(ref) >= len(start) + len(end) and ref.startswith(start) and ref.endswith(end)
        if star and fits and target:
            return target.replace("*", ref[len(start) : len(ref) - len(end)], 1)
    return None


def remotes(repository: Repository) -> tuple[str, ...]:
    """Return the names of the remotes that have a URL."""
    return repository.remotes


def default_branch(repository: Repository, setting: str = "registry.branch") -> str:
    """Return the short name of the branch that counts: as configured, as the remote has it, or the current.

    Raises `UsageError` if none of them says.
    """
    configured = repository.config(setting)
    if configured:
        return configured
    head = repository.head()
    followed = upstream(repository, head.branch) if head.branch else None
    known = remotes(repository)
    remote = followed.remote if followed else "origin" if "origin" in known else (*known, "")[0]
    prefix = f"refs/remotes/{remote}/"
    theirs = repository.symbolic(f"{prefix}HEAD") if remote not in ("", ".") else None
    if theirs and theirs.startswith(prefix):
        return theirs.removeprefix(prefix)
    if head.branch is None:
        raise UsageError("which branch is the default one is not known", hint=f"git config {setting} main")
    return head.branch


def default_upstream(repository: Repository) -> str | None:
    """Return the ref here that remembers the remote's default branch, which need not be a branch here."""
    return remembered(repository, default_branch(repository)) if remotes(repository) else None


def remembered(repository: Repository, branch: str) -> str | None:
    """Return the ref here that remembers what a branch is on its remote; None where there is no remote.

    Its remote is the one it follows, else `origin`, else the first. Neither branch nor ref need be there.
    """
    found = destination(repository, branch)
    return found.tracking if found else None


def destination(repository: Repository, branch: str) -> Upstream | None:
    """Return what a branch follows, or would once it is published; None where there is no remote.

    That is the branch of the same name on `origin`, else on the first remote. It need not be there yet.
    """
    known = repository.destinations
    if branch not in known:
        known[branch] = _destination(repository, branch)
    return known[branch]


def _destination(repository: Repository, branch: str) -> Upstream | None:
    known = remotes(repository)
    if not known:
        return None
    followed = upstream(repository, branch)
    if followed and followed.remote != ".":
        return followed
    name, ref = "origin" if "origin" in known else known[0], BRANCHES + branch
    return Upstream(name, ref, tracking(repository, name, ref))


def without_credentials(text: str) -> str:
    """Return a message with user names, passwords and tokens cut out of the URLs in it."""
    return re.sub(r"(?<=://)[^\s]*@", "", text)


@contextmanager
def _telling(repository: Repository, remote: str) -> Iterator[None]:
    """Say whom Git is waiting for, if that takes long: it says nothing itself."""

    def tell() -> None:
        url = repository.config(f"remote.{remote}.url") or remote
        repository.notify(f"still waiting for {without_credentials(url)}")

    timer = threading.Timer(PATIENCE, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _without_summary(said: str) -> str:
    """Return what a hook here said, without Git's own last line about it, if it said anything."""
    rows = said.splitlines()
    return "\n".join(row for row in rows if not row.startswith("error: failed to push some refs")) or said


def _heard(said: str) -> str:
    """Return what the other side's hooks said, if they said anything: Git's own words add nothing to that."""
    rows = [row.removeprefix("remote: ").rstrip() for row in said.splitlines() if row.startswith("remote: ")]
    return "\n".join(rows) or said


def _on_one_line(said: str) -> str:
    return " ".join(line.removeprefix("fatal: ") for line in said.splitlines() if line.strip())


def _talk(
    git: Git,
    setting: Callable[[str], str | None],
    command: Sequence[str],
    *,
    input_: bytes | None = None,
    seconds: float | None = None,
) -> Output:
    """Run a command that talks to a remote, which may not keep silent for ever."""
    return git.run(
        *patience.options(setting, git.environment),
        *command,
        input=input_,
        check=False,
        env=patience.environment(setting, git.environment),
        seconds=seconds,
    )


def _talked(done: Output) -> Output:
    if done.code != 0:
        said = without_credentials(done.stderr) or f"git ended with status {done.code}"
        raise NetworkError(_on_one_line(said))
    return done


def _pushed(line: str) -> PushedRef:
    """Parse `<flag> TAB <from>:<to> TAB <summary> (<reason>)` (git-push(1), --porcelain)."""
    flag, names, summary = line.split("\t", 2)
    local, _, there = names.rpartition(":")
    reason = summary.partition("(")[2].removesuffix(")") if flag == "!" else ""
    if flag == "!":
        lost = any(words in reason for words in LOST_RACE)
        return PushedRef(local, there, Fate.REJECTED if lost else Fate.REFUSED, reason)
    return PushedRef(local, there, Fate.UP_TO_DATE if flag == "=" else Fate.OK, reason)


def _stopped(refspec: str, said: str) -> PushedRef:
    local, _, there = refspec.removeprefix("+").partition(":")
    return PushedRef(local, there or local, Fate.REFUSED, said)
