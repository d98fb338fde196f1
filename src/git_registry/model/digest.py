"""What content is called: digests of files and of file lists.

The digest of an artifact is the SHA-256 of what `sha256sum` (GNU coreutils) prints for its files,
sorted by path as bytes, so it can be checked without this package (DESIGN §3.2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from git_registry.errors import InvalidDocument
from git_registry.model.sha256 import sha256

ALGORITHMS = ("sha256", "md5", "crc32c", "etag", "stat", "uri")
"""What a digest may be made with, strongest first; the last says only where the bytes were said to be."""

ID_LENGTH = 32
"""A version's id is this many hex digits of its digest."""

_SHA256_LENGTH = 64
_MAX_PATH_BYTES = 1024
_LONGEST_PART = 255


@dataclass(frozen=True, slots=True)
class Digest:
    """How some bytes are known: `sha256:9b1e…`, a weaker identity a store gave, or a mere address."""

    algorithm: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Read `<algorithm>:<value>`.

        Raises:
            InvalidDocument: the text names no known algorithm, or a SHA-256 is not 64 hex digits.
        """
        algorithm, colon, value = text.partition(":")
        if not colon or algorithm not in ALGORITHMS or not value:
            raise InvalidDocument(
                f"expected a digest such as sha256:9b1e…, found {text!r}",
                hint=f"known algorithms: {', '.join(ALGORITHMS)}",
            )
        if algorithm == "sha256" and (len(value) != _SHA256_LENGTH or value.strip("0123456789abcdef")):
            raise InvalidDocument(f"a SHA-256 digest is 64 lower-case hex digits, found {text!r}")
        return cls(algorithm, value)

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """Return the SHA-256 digest of these bytes."""
        return cls("sha256", sha256(data).hexdigest())

    @property
    def is_content(self) -> bool:
        """Does it follow from the bytes alone, strongly enough to find and to trust them by it?"""
        return self.algorithm == "sha256"

    @property
    def is_address(self) -> bool:
        """Does it tell nothing of the bytes, so that nobody could say whether they are the same?"""
        return self.algorithm == "uri"

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"

    def __lt__(self, other: Digest) -> bool:
        return str(self) < str(other)


def check_path(path: str) -> str:
    """Return `path` if a file list may hold it.

    Raises:
        InvalidDocument: it is absolute, has an empty, `.`, `..` or `.git` part, a part of more than 255
            bytes, a backslash, a control character or one that disorders text, is not UTF-8 in NFC, or is
            longer than 1,024 bytes.
    """
    problem = _path_problem(path)
    if problem:
        raise InvalidDocument(f"the path {path!r} {problem}", hint="rename the file")
    return path


def _path_problem(path: str) -> str:
    # Nearly every path is harmless at a glance, and a file list has 200,000 of them.
    plain = path.isascii() and path.isprintable() and len(path) <= _LONGEST_PART and "\\" not in path
    harmless = plain and path[:1] not in ("", ".", "/") and path[-1] != "/"
    return "" if harmless and "/." not in path and "//" not in path else _odd_path_problem(path)


def _odd_path_problem(path: str) -> str:
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    if not path or len(encoded) > _MAX_PATH_BYTES:
        return f"is not between 1 and {_MAX_PATH_BYTES} bytes long"
    if path.startswith("/"):
        return "is absolute"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "has an empty, '.' or '..' part"
    if any(part.lower() == ".git" for part in path.split("/")):
        return "has a part '.git': downloaded, it would be a repository with settings of its own"
    if any(len(part.encode()) > _LONGEST_PART for part in path.split("/")):
        return f"has a part of more than {_LONGEST_PART} bytes"
    if "\\" in path:
        return "has a backslash"
    if path.isascii():
        return "" if path.isprintable() else _CONTROL
    return _unicode_problem(path)


_CONTROL = "has a control character"

_DISORDERING = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""`exe.txt` may be shown where `txt.exe` is meant (Unicode, UAX #9); none of them is part of a word."""


def _unicode_problem(path: str) -> str:
    import unicodedata  # nearly every path is ASCII

    if any(unicodedata.category(c) == "Cc" for c in path):
        return _CONTROL
    if any(c in _DISORDERING for c in path):
        return "has a character that has text shown in another order, or on another line"
    return "" if unicodedata.is_normalized("NFC", path) else "is not in Unicode's NFC form"


def nested(paths: Collection[str]) -> tuple[str, str] | None:
    """Return a path and another one below it, which nobody could download both; None if there are none."""
    files, seen = frozenset(paths), set[str]()
    for path in paths:
        above = path.rpartition("/")[0]
        while above and above not in seen:
            if above in files:
                return above, path
            seen.add(above)
            above = above.rpartition("/")[0]
    return None


def check_paths(paths: Collection[str]) -> None:
    """Check that a file list may hold these together.

    Raises:
        InvalidDocument: one of them is below another.
    """
    found = nested(paths)
    if found:
        raise InvalidDocument(
            f"{found[0]!r} is a file, and {found[1]!r} would be in it", hint="rename one of them"
        )


def list_digest(entries: Iterable[tuple[str, Digest, str]]) -> Digest:
    """Return the digest of a file list, given as (path, digest, URI) in any order, no path twice.

    A file known by content is the line `<hex>␠␠<path>`; one known otherwise is
    `<algorithm>:<value> <uri>␠␠<path>` with the value percent-encoded.
    """
    lines = ListDigest()
    for one in sorted(entries, key=lambda entry: entry[0].encode()):
        lines.add(*one)
    return lines.digest


class ListDigest:
    """The digest of a file list that comes in its own order, sorted by path as bytes, and is kept nowhere."""

    def __init__(self) -> None:
        self._lines = sha256()

    def add(self, path: str, digest: Digest, uri: str) -> None:
        """Add the next file."""
        self._lines.update(f"{_known_as(digest, uri)}  {path}\n".encode())

    @property
    def digest(self) -> Digest:
        """The digest of what was added so far."""
        return Digest("sha256", self._lines.hexdigest())


def _known_as(digest: Digest, uri: str) -> str:
    if digest.is_content:
        return digest.value
    if digest.value.isascii() and digest.value.replace("-", "").isalnum():
        return f"{digest.algorithm}:{digest.value} {uri}"
    from urllib.parse import quote  # rarely needed, and costly to import

    return f"{digest.algorithm}:{quote(digest.value, safe='')} {uri}"
