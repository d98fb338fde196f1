"""The key that sshd let in, by the file it writes with `ExposeAuthInfo yes` (sshd_config(5)).

Only the key is known: an entry in `identities` says whose it is.

A certificate is refused. What it says about a person is its principal, and sshd does not write which one it
accepted; the key in it is often a day old, so no entry could name it. For certificates, let
AuthorizedPrincipalsCommand print a forced command, and use `env:`.
"""

from __future__ import annotations

import stat
from binascii import Error, a2b_base64
from pathlib import Path

from git_registry.hooks.identity import fingerprint
from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told
from git_registry.policy.account import Account

VARIABLE = "SSH_USER_AUTH"
MAX_SIZE = 64 * 1024

_METHODS = frozenset(
    {"publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic", "none"}
)


def identify(told: Told) -> Pusher:
    """Return who pushes by the one key they were let in with."""
    path = told.need(VARIABLE, "set `ExposeAuthInfo yes` in sshd_config")
    try:
        text = _read(Path(path))
    except (OSError, ValueError):
        raise told.refusal(f"the file that {VARIABLE} names can't be read") from None
    keys = {_key(told, words) for words in map(str.split, text.splitlines()) if _is_key(told, words)}
    if len(keys) != 1:
        raise told.refusal(f"sshd let them in with {len(keys)} keys, and it has to be one")
    return Pusher(account=Account(key=keys.pop()))


def _read(path: Path) -> str:
    """Return a small regular file's text; raise OSError or ValueError for anything else.

    It has to be as long as it says: files below /proc, which may show what a client sent, say they are empty.
    A path from here would lead into the repository.
    """
    status = path.lstat()
    if not (path.is_absolute() and stat.S_ISREG(status.st_mode)):
        raise ValueError("not a file that sshd writes")
    with path.open("rb") as file:
        content = file.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE or len(content) != status.st_size:
        raise ValueError("not a small file")
    return content.decode("ascii")


def _is_key(told: Told, words: list[str]) -> bool:
    method = words[0].partition("/")[0] if words else ""
    if method not in _METHODS or (method == "publickey" and len(words) != 3):
        raise told.refusal(f"the file that {VARIABLE} names is not as sshd writes it")
    return method == "publickey"


def _key(told: Told, words: list[str]) -> str:
    _, kind, encoded = words
    if "-cert-" in kind:
        raise told.refusal(
            "a certificate does not say whose it is",
            "let AuthorizedPrincipalsCommand print a forced command, and use registry.identity = env:NAME",
        )
    try:
        key = a2b_base64(encoded, strict_mode=True)
    except (Error, ValueError):
        key = b""
    # The key says its kind once more, after four bytes of length.
    if key[: 4 + len(kind)] != len(kind).to_bytes(4, "big") + kind.encode():
        raise told.refusal(f"the file that {VARIABLE} names holds no key of the kind it says")
    return fingerprint.of(key)
