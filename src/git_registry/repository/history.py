"""What happened on a line of history, step by step."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from git_registry.repository.changes import Change, Side, changed
from git_registry.repository.identity import Signature, parse_date
from git_registry.repository.process import READING, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from git_registry.repository.objects import Reader
    from git_registry.repository.repository import Repository

__all__ = [
    "Change",
    "Side",
    "Step",
    "apart",
    "changed",
    "committed",
    "first_parents",
    "fork",
    "is_ancestor",
    "merge_base",
    "message",
    "steps",
    "subject",
]

FIELDS = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B")
CHUNK = 1 << 16

_ID = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of a first-parent line, and what it changed against its first parent."""

    commit: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str
    changes: tuple[Change, ...]

    @property
    def subject(self) -> str:
        """The first paragraph of its message, on one line, as git shows it."""
        return subject(self.message)

    @property
    def body(self) -> str:
        """What follows the first paragraph."""
        return body(self.message)


def body(message: str) -> str:
    """Return what follows the first paragraph of a message."""
    return message.strip().partition("\n\n")[2].strip()


def subject(message: str) -> str:
    """Return the first paragraph of a message, on one line, as git shows it."""
    return " ".join(message.strip().split("\n\n", 1)[0].splitlines())


def message(repository: Repository, commit: str) -> str:
    """Return the message of a commit; empty for what is none.

    By plumbing, for the reason that `steps` has: `log.showSignature` puts words of others before it.

    Raises:
        GitFailed: there is no such object.
    """
    form = ("--no-walk", "--encoding=UTF-8", "--format=%B")
    told = repository.git("rev-list", *form, commit, "--", env=READING).text
    return told.partition("\n")[2].strip()


def committed(reader: Reader, commit: str) -> datetime:
    """Return when a commit was made, as its committer says, without a child of git."""
    headers = reader.commit_text(commit).partition(b"\n\n")[0].split(b"\n")
    line = next((one for one in headers if one.startswith(b"committer ")), b"")
    return parse_date(line.rpartition(b"> ")[2].decode("ascii", "replace"))


def steps(
    repository: Repository,
    tip: str,
    *,
    since: str | None = None,
    paths: Sequence[str] = (),
    oldest_first: bool = True,
    with_changes: bool = True,
) -> Iterator[Step]:
    """Yield the steps of `tip`'s first-parent line, as they are read.

    Each is compared with its *first* parent alone, the root with nothing, so a merge answers for all
    that it brought in. Only plumbing is used (git-rev-list(1), git-diff-tree(1)), which no `log.*` or
    `diff.*` setting reaches; names are literal, and never guessed to be renamed.

    Args:
        repository: where to look.
        tip: the commit to start from.
        since: leave out what this commit reaches.
        paths: only steps that changed one of these files or directories, and only those changes.
        oldest_first: in the order it happened; otherwise the newest first.
        with_changes: look for the changes; without, `changes` is empty.
    """
    import tempfile

    git = repository.command
    limit = ("--", *paths)
    order = ("--reverse",) if oldest_first else ()
    literal = "--literal-pathspecs"
    form = "--format=tformat:" + "".join(f"{field}%x00" for field in FIELDS)
    raw = ("-r", "--raw", "--no-renames", "--no-abbrev") if with_changes else ("-s",)
    with contextlib.ExitStack() as stack:
        words = stack.enter_context(tempfile.TemporaryFile())
        walk = [literal, "rev-list", "--first-parent", *order, tip, *([f"^{since}"] if since else []), *limit]
        walker = stack.enter_context(git.spawn(*walk, stderr=words, env=READING))
        assert walker.stdout is not None
        show = [literal, "diff-tree", "--stdin", "--root", "--always", "--diff-merges=first-parent", "-z"]
        show += ["--date=raw", "--encoding=UTF-8", form, *raw, *limit]
        shower = stack.enter_context(git.spawn(*show, stdin=walker.stdout, stderr=words, env=READING))
        assert shower.stdout is not None
        walker.stdout.close()
        stack.callback(walker.kill)
        stack.callback(shower.kill)
        yield from _parsed(_tokens(shower.stdout))
        for child, command in ((walker, walk), (shower, show)):
            if child.wait() != 0:
                words.seek(0)
                raise failed(
                    tuple(command), words.read().decode("utf-8", "replace").strip(), child.returncode
                )


def first_parents(repository: Repository, tip: str, *, until: str | None = None) -> list[str]:
    """Return the ids of `tip`'s first-parent line, the newest first, without what `until` reaches."""
    stop = [f"^{until}"] if until else []
    return repository.git("rev-list", "--first-parent", tip, *stop, "--", env=READING).text.split()


def line(repository: Repository, tip: str) -> Iterator[str]:
    """Yield the ids of `tip`'s first-parent line, the newest first, as far as they are asked for."""
    child = repository.command.spawn("rev-list", "--first-parent", tip, "--", env=READING)
    assert child.stdout is not None
    try:
        for name in child.stdout:
            yield name.decode("ascii").strip()
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def merge_base(repository: Repository, one: str, other: str) -> str | None:
    """Return the best common ancestor of two commits; None if their histories share nothing."""
    found = repository.git("merge-base", one, other, check=False, env=READING)
    if found.code > 1:
        raise failed(("merge-base",), found.stderr, found.code)
    return found.text or None


def fork(repository: Repository, line_tip: str, commit: str) -> str | None:
    """Return the newest commit of a first-parent line that another commit reaches; None if it reaches none.

    Not the merge base: that may be a commit which the line's merges brought in, and no step of it.
    """
    apart = first_parents(repository, line_tip, until=commit)
    if not apart:
        return line_tip
    oldest = next(steps(repository, apart[-1], oldest_first=False, with_changes=False))
    return oldest.parents[0] if oldest.parents else None


def is_ancestor(repository: Repository, ancestor: str, commit: str) -> bool:
    """Whether `commit` reaches `ancestor`, or is it. Asked by their ids, that is remembered: it stays so.

    Only in a shallow clone a no may become a yes, once the steps between the two are fetched.
    """
    pair = ancestor, commit
    if ancestor == commit or pair in repository.ancestors:
        return repository.ancestors.get(pair, True)
    asked = repository.git("merge-base", "--is-ancestor", *pair, check=False, env=READING)
    if asked.code > 1:
        raise failed(("merge-base",), asked.stderr, asked.code)
    reaches = asked.code == 0
    if all(map(_ID.fullmatch, pair)) and (reaches or not repository.is_shallow):
        repository.ancestors[pair] = reaches
    return reaches


def apart(repository: Repository, one: str, other: str | None) -> tuple[int, int]:
    """Return how many steps the first-parent line of each of two commits has that the other does not reach.

    None reaches nothing, and has no steps. They are named by their ids, and what they have is remembered.
    """
    if one == other:
        return 0, 0
    if (one, other) not in repository.apart:
        between = f"{one}...{other}" if other else one
        counting = ("rev-list", "--left-right", "--count", "--first-parent", between, "--")
        left, right = map(int, repository.git(*counting, env=READING).text.split())
        # A commit that stands alone counts as the right one (git-rev-list(1)).
        repository.apart[one, other] = (left, right) if other else (right, 0)
    return repository.apart[one, other]


def _tokens(stream: IO[bytes]) -> Iterator[str]:
    """Yield what stands between NUL bytes."""
    rest = b""
    while chunk := stream.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            yield token.decode("utf-8", "surrogateescape")
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _parsed(tokens: Iterator[str]) -> Iterator[Step]:
    """Yield steps: nine fields, an empty one, then `:modes ids letter` and a path for each change."""
    token = next(tokens, None)
    while token is not None:
        parents, *who, message = (next(tokens) for _ in FIELDS[1:])
        author = Signature(who[0], who[1], parse_date(who[2]))
        committer = Signature(who[3], who[4], parse_date(who[5]))
        commit, changes = token, []
        next(tokens)
        while (token := next(tokens, None)) is not None and token.lstrip("\n").startswith(":"):
            old, new, before, after, _ = token.lstrip("\n")[1:].split(" ")
            changes.append(Change(next(tokens), _side(old, before), _side(new, after)))
        yield Step(commit, tuple(parents.split()), author, committer, message, tuple(changes))


def _side(mode: str, object_id: str) -> Side | None:
    return None if mode == "000000" else Side(int(mode, 8), object_id)
