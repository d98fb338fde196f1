"""Who signed a commit, and whether the signature is good, as Git itself says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from git_registry.errors import NotFound
from git_registry.repository import process
from git_registry.repository.process import READING

if TYPE_CHECKING:
    from git_registry.repository.repository import Repository

Status = Literal["good", "bad", "unknown", "expired", "expired-key", "revoked", "unverifiable"]

LETTERS: Mapping[str, Status] = {
    "G": "good",
    "B": "bad",
    "U": "unknown",
    "X": "expired",
    "Y": "expired-key",
    "R": "revoked",
    "E": "unverifiable",
    "N": "unverifiable",
}
"""What `%G?` answers (git-log(1)): good; bad; good, but nobody vouches for the key; good, but expired
itself; good, by a key that has expired since; good, by a revoked key; it can't be checked, the key is
missing for instance; no signature. Git says the last also where there is one that it can't judge: gpg is
not installed, no file of allowed signers is set. We ask only about commits that carry one.
"""

FIELDS = ("%H", "%G?", "%GS", "%GK", "%GF")
FULL_ID = re.compile("[0-9a-f]{40}")
SIGNED = (b"\ngpgsig ", b"\ngpgsig-sha256 ")


@dataclass(frozen=True, slots=True)
class Signed:
    """What Git says of a commit's signature.

    Attributes:
        status: only `good` says who made the commit; `unknown` says that whoever has that key did.
        signer: whose it is: a user id of the key, a principal among the allowed signers.
        key: as the kind of signature names keys: sixteen digits, or `SHA256:…` for ssh.
        fingerprint: of the key that signed, which may be a subkey.
    """

    status: Status
    signer: str | None = None
    key: str | None = None
    fingerprint: str | None = None


def signatures(repository: Repository, commits: Sequence[str]) -> Mapping[str, Signed]:
    """Return what Git says of those of these commits, full ids, that carry a signature.

    The commits are read first, all by one child; only where one is signed is a second child asked, which
    runs gpg or ssh-keygen for each. What can't be judged here is `unverifiable`, and no error.

    Raises:
        NotFound: one of them is no commit of this repository.
    """
    wanted = list(dict.fromkeys(commits))
    signed = [commit for commit, told in headers(repository, wanted) if is_signed(told)]
    found = dict.fromkeys(signed, Signed("unverifiable"))
    while signed:
        # Git ends at a signature of no kind it knows, having answered for those before it.
        answered = dict(_judged(repository, signed))
        found |= answered
        signed = signed[len(answered) + 1 :]
    return found


def is_signed(told: bytes) -> bool:
    """Return whether there is a signature in what stands before a message.

    A header's further lines begin with a space, so none can pass for one.
    """
    return any(header in told for header in SIGNED)


def headers(repository: Repository, commits: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield each commit with what stands before its message.

    Raises:
        NotFound: one of them is no commit of this repository.
    """
    if not commits:
        return
    for commit in commits:
        if not FULL_ID.fullmatch(commit):
            raise NotFound(f"{commit!r} is no commit's full id")
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    content, at = repository.git("cat-file", "--batch", input=asked, env=READING).stdout, 0
    for commit in commits:
        end = content.index(b"\n", at)
        kind, _, size = content[at:end].partition(b" ")[2].partition(b" ")
        if kind != b"commit":
            raise NotFound(f"there is no commit {commit} in this repository")
        at = end + 1 + int(size) + 1
        yield commit, content[end:at].partition(b"\n\n")[0]


def _judged(repository: Repository, commits: Sequence[str]) -> Iterator[tuple[str, Signed]]:
    """Yield what Git says of the first of these commits, as far as it gets."""
    # Of git's commands, only those for people read `gpg.*` before git 2.41, so no plumbing does.
    form = "--format=tformat:" + "".join(f"{field}%x00" for field in FIELDS)
    walk = ("log", "--no-walk=unsorted", "--stdin", "--no-show-signature", "--no-notes", "--no-patch")
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    done = repository.git(*walk, "--encoding=UTF-8", form, input=asked, check=False, env=READING)
    # Where ssh-keygen is not installed git calls the signature bad, which nobody has looked at.
    looked = not any(words in done.stderr for words in ("cannot run ", "cannot exec "))
    tokens = iter(done.stdout.decode("utf-8", "replace").split("\0")[:-1])
    for commit, letter, *who in zip(*[tokens] * len(FIELDS), strict=False):
        status = LETTERS.get(letter, "unverifiable")
        if status == "bad" and not looked:
            status = "unverifiable"
        yield commit.removeprefix("\n"), Signed(status, *_given(who))


def ssh_key(commit: bytes) -> str | None:
    """Return the fingerprint of the ssh key whose good signature a commit, as it is stored, bears.

    None if it has none, a bad one, or one of another kind. Whose key it is, and whether that person still
    counts, is not asked here: Git would ask a file of allowed signers, and believe the commit's own date.
    See ssh-keygen(1), `-Y check-novalidate`, and gitformat-signature(5).
    """
    payload, signature = _parted(commit)
    if not signature.startswith(_SSH):
        return None
    import tempfile  # few commits are asked, and it takes long

    with tempfile.NamedTemporaryFile(prefix="signature-") as place:
        place.write(signature)
        place.flush()
        told = process.ask("ssh-keygen", *_CHECK, "-s", place.name, told=payload)
    found = _GOOD.match(told.text) if told.code == 0 else None
    return found[1] if found else None


_SSH = b"-----BEGIN SSH SIGNATURE-----"
_CHECK = ("-Y", "check-novalidate", "-n", "git")
_GOOD = re.compile(r'Good "git" signature with [A-Z0-9-]+ key (SHA256:[A-Za-z0-9+/]{43})\s*$')


def _parted(commit: bytes) -> tuple[bytes, bytes]:
    """Return a commit without its signature, and the signature."""
    headers, divider, message = commit.partition(b"\n\n")
    kept: list[bytes] = []
    signed: list[bytes] = []
    into = kept
    for row in headers.split(b"\n"):
        if row.startswith(b"gpgsig "):
            into = signed
            row = row.removeprefix(b"gpgsig ")
        elif row.startswith(b" ") and into is signed:
            row = row[1:]
        else:
            into = kept
        into.append(row)
    return b"\n".join(kept) + divider + message, b"\n".join(signed) + b"\n"


def _given(texts: Iterable[str]) -> Iterator[str | None]:
    """Yield each text, None for an empty one."""
    yield from (text or None for text in texts)
