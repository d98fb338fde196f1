"""Where a request may go, as far as its URL says. Pure; what the host's name stands for, `guard` looks up.

A URL is read once, by a grammar narrower than the standard's: what two readers could take for two places is
no URL here. So what is checked is what is connected to, and what is sent.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote

from git_registry.automation.unsent import Unsent

_LONGEST = 8_000
_HIGHEST = 65_535
_PORTS = {"https": 443, "http": 80}

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_PATH = r"[\w.~!$&'()*+,;=:@%/-]"
_URL = re.compile(
    rf"(?P<scheme>https?)://(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>{_LABEL}(?:\.{_LABEL})*))(?::(?P<port>\d{{0,5}}))?"
    rf"(?P<path>/{_PATH}*)?(?P<query>\?(?:{_PATH}|\?)*)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII | re.IGNORECASE)
_LONGEST_NAME = 253
_STRANGE = re.compile(r"%u", re.IGNORECASE)
_CLIMBING = re.compile(r"\s*\.\.?(?![\w.~-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a URL says.

    Attributes:
        host: a name, or an address, without brackets.
        path: with its slash.
        query: with its question mark; empty if there is none.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @classmethod
    def of(cls, url: str) -> Target:
        """Read a URL.

        Raises:
            Unsent: nothing may be sent there, or it can't be read for certain. The URL is not in the message.
        """
        found = _URL.fullmatch(url) if len(url) <= _LONGEST else None
        if found is None:
            raise Unsent(_problem(url))
        scheme, host = found["scheme"].lower(), (found["six"] or found["name"]).lower()
        port = int(found["port"] or _PORTS[scheme])
        if not 0 < port <= _HIGHEST:
            raise Unsent("its URL has a port that there is not")
        _check_host(host, is_six=found["six"] is not None)
        path = found["path"] or "/"
        _check_path(path)
        return cls(scheme=scheme, host=host, port=port, path=path, query=found["query"] or "")

    @property
    def authority(self) -> str:
        """Return host and port, as the header `Host` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def is_under(self, prefix: Target) -> bool:
        """Is it at a prefix, or below: the same scheme, host and port, and each part of the path as it is?"""
        if (self.scheme, self.host, self.port) != (prefix.scheme, prefix.host, prefix.port) or prefix.query:
            return False
        parts = prefix.path.removesuffix("/").split("/")
        return self.path.split("/")[: len(parts)] == parts


def _problem(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in _PORTS:
        return "its URL is not https:"
    if not url.isascii():
        return "its URL is not written in ASCII: a host's name as xn--…, the rest as %…"
    if "@" in re.split(r"[/?#]", rest, maxsplit=1)[0]:
        return "its URL holds a user name or password"
    return "its URL can't be read"


def _check_host(host: str, *, is_six: bool) -> None:
    """Check that an address is written as everybody reads it: 127.1, 0x7f000001 and 0177.0.0.1 are none."""
    try:
        if is_six:
            IPv6Address(host)
        elif _NUMBER.fullmatch(host.rpartition(".")[2]):
            IPv4Address(host)
    except AddressValueError:
        raise Unsent("its URL has a number for a host that is no address") from None
    if len(host) > _LONGEST_NAME:
        raise Unsent("its URL has a host whose name is too long")


def _check_path(path: str) -> None:
    """Check that no reader can take a path for another one. Some decode it twice, some know `%u002e`.

    Some end a part at `;`, `#`, `?` or zero, and some take a wide letter for the one that it is like.
    """
    before, plain = "", path
    while plain != before:
        if _STRANGE.search(plain):
            raise Unsent("its URL has an escape that not everybody knows")
        if any(map(_CLIMBING.match, re.split(r"[/\\]", plain))):
            raise Unsent("its URL climbs: a path has no parts such as `..`")
        before, plain = plain, _decoded(plain)


def _decoded(path: str) -> str:
    try:
        plain = unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise Unsent("its URL has escapes that are no UTF-8") from None
    if not plain.isprintable():
        raise Unsent("its URL has letters that can't be seen")
    return unicodedata.normalize("NFKC", plain)
