"""Where a repository is on a forge, as the URL of its remote says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from git_registry.repository.addresses import is_remote

_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:]+):(?P<path>[^:].*)")
"""How ssh is written short: `git@host:path`."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A repository's place on the web.

    Attributes:
        scheme: `https`; `http` only on this machine.
        host: with its port, if it has one of its own.
        path: `acme/registry`, without slashes around it.
        is_named: does git config say of this URL, or in this repository, which forge it is? Then its tokens
            are meant for this host.
    """

    scheme: str
    host: str
    path: str
    is_named: bool = False

    @property
    def top(self) -> str:
        """Return the forge's own page."""
        return f"{self.scheme}://{self.host}"

    @property
    def page(self) -> str:
        """Return the repository's page."""
        return f"{self.top}/{self.path}"

    def is_meant(self, environ: Mapping[str, str], hosts: Iterable[str], naming: Iterable[str]) -> bool:
        """Are the environment's tokens for this host? One that is meant for another stays here.

        Args:
            environ: the process's environment.
            hosts: those they are for, if nobody says otherwise.
            naming: the variables that say which host they are for.
        """
        told = {_host(environ[name]) for name in naming if environ.get(name)}
        return self.is_named or self.host in told or self.host in hosts

    def token(
        self, environ: Mapping[str, str], names: Iterable[str], hosts: Iterable[str], naming: Iterable[str]
    ) -> str | None:
        """Return the token that the environment has for this host, under one of the names; see `is_meant`."""
        if not self.is_meant(environ, hosts, naming):
            return None
        return next((environ[name] for name in names if environ.get(name)), None)


def site(url: str) -> Site | None:
    """Return the place that the URL of a remote tells of; None for a directory, or where nobody has a page.

    ssh may listen anywhere: of such a URL the port says nothing about the web.
    """
    short = _SCP.fullmatch(url) if "://" not in url else None
    if short is not None:
        return _site("https", short["host"], short["path"]) if is_remote(url) else None
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return None
    if not parts.hostname or parts.scheme not in ("https", "http", "ssh", "git+ssh"):
        return None
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return _site("https", parts.hostname, parts.path)
    if parts.scheme in ("https", "http"):
        return _site(parts.scheme, parts.netloc.rpartition("@")[2], parts.path)
    return _site("https", parts.hostname, parts.path)


def _site(scheme: str, host: str, path: str) -> Site | None:
    path = path.strip("/").removesuffix(".git")
    return Site(scheme=scheme, host=host.casefold(), path=path) if path else None


def _host(told: str) -> str:
    """Return the host that a variable names, as such or in a URL."""
    return (urlsplit(told).netloc if "://" in told else told).rstrip("/").casefold()
