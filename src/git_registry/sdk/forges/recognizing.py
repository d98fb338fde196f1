"""Which forge a remote is on: as git config says, else as its host is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from git_registry.errors import UsageError
from git_registry.repository.repository import Repository
from git_registry.sdk.forges import bitbucket, gitea, github, gitlab
from git_registry.sdk.forges.forge import Forge
from git_registry.sdk.forges.site import Site, site

FORGES = {one.name: one for one in (github.FORGE, gitlab.FORGE, gitea.FORGE, bitbucket.FORGE)}
"""Every kind of forge; one more is one file, and its name here."""

KIND, WEB = "registry.forge", "registry.web"
"""What git config says: which forge it is, or `none`; and where the repository's page is.

Both as for `http.*`: `registry.https://git.acme.example.forge` is about that host alone. What is said of all
hosts for all of a user's repositories tells which kind they are, and not that they may see tokens.
"""

NONE = "none"
_FIRST_LABELS = {"github": "github", "gitlab": "gitlab", "gitea": "gitea", "forgejo": "gitea"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognized:
    """A forge, and the repository's place there."""

    forge: Forge
    site: Site


def recognized(repository: Repository, remote: str, environ: Mapping[str, str]) -> Recognized | None:
    """Return the forge that a remote is on; None if there is none, or none is to be asked.

    Raises:
        UsageError: git config names one that is not known.
    """
    url = _url(repository, remote)
    page = _setting(repository, WEB, url)
    found = site(page or url)
    if found is None:
        return None
    named = _setting(repository, KIND, found.page)
    if named == NONE:
        return None
    if named is not None:
        is_named = named in (_of_url(repository, KIND, found.page), _own(repository, KIND))
        return Recognized(forge=_named(named), site=replace(found, is_named=is_named))
    forge = _known(found.host, environ)
    return Recognized(forge=forge, site=found) if forge else None


def is_silent(repository: Repository, remote: str) -> bool:
    """Does git config say that nobody is to be asked?"""
    return _setting(repository, KIND, _url(repository, remote)) == NONE


def _url(repository: Repository, remote: str) -> str:
    return repository.git("ls-remote", "--get-url", remote).text


def _named(name: str) -> Forge:
    if name not in FORGES:
        raise UsageError(
            f"{name!r} is no forge that is known here",
            where=KIND,
            hint=f"git config {KIND} {'|'.join((*FORGES, NONE))}",
        )
    return FORGES[name]


def _known(host: str, environ: Mapping[str, str]) -> Forge | None:
    for forge in FORGES.values():
        told = [environ.get(name, "").rpartition("://")[2].strip("/").casefold() for name in forge.naming]
        if host in forge.hosts or host in told:
            return forge
    label = _FIRST_LABELS.get(host.partition(".")[0])
    if label is not None:
        return FORGES[label]
    return github.FORGE if github.knows(host, environ) else None


def _setting(repository: Repository, key: str, url: str) -> str | None:
    """Return what git config says of a URL; a URL that Git takes for none gets what is said of all."""
    done = repository.git("config", "--get-urlmatch", key, url, check=False)
    if done.code == 0:
        return done.text
    return repository.config(key)


def _of_url(repository: Repository, key: str, url: str) -> str | None:
    """Return what git config says of a URL by naming it: whatever is said of all is overridden here."""
    done = repository.git("-c", f"{key}=", "config", "--get-urlmatch", key, url, check=False)
    return done.text or None


def _own(repository: Repository, key: str) -> str | None:
    """Return what this repository's own config says."""
    return repository.git("config", "--local", "--get", key, check=False).text or None
