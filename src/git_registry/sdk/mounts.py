"""Repositories that the organization mounts (DESIGN §10): which there are, and a clone of a trusted one.

Their names and URLs stand in `organization.yaml`, which somebody else may have written. So a URL is only ever
asked after the person at this clone has trusted that very one; git config remembers it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import InvalidDocument, NotFound, Refused
from git_registry.model.layout import PROJECTS
from git_registry.repository import addresses
from git_registry.repository.repository import Repository

if TYPE_CHECKING:
    from git_registry.sdk.clones import Clone

ALLOW = "registry.mount.allow"
"""The setting in git config that lets repositories on this machine be mounted: `file`."""

_FILE = "file"
_DEEPEST = 2
"""Parts of a selector: registry and collection."""
_NOW, _FETCHED = "mount:", "fetched:"
"""What begins the names under which a catalog holds a mounted repository."""


class Trust(Enum):
    """What the person at this clone said of a mount's URL."""

    TRUSTED = "trusted"
    UNTRUSTED = "not trusted"
    CHANGED = "changed"
    """Another URL was trusted by that name."""
    REFUSED = "refused"
    """It can't be trusted: git would read, or run, something of this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One entry of the organization's `repositories:`."""

    name: str
    url: str
    trust: Trust

    @property
    def shown(self) -> str:
        """Return the URL as it may be shown."""
        from git_registry.repository.remote import without_credentials

        return without_credentials(self.url)


def mounts(catalog: Catalog) -> list[Mount]:
    """Return what the organization mounts, by name; what a mounted organization mounts is not followed."""
    if catalog.mount:
        return []
    try:
        entries = catalog.registries().present().organization().repositories
    except InvalidDocument:
        return []  # who reads the document says so; the registries that are here are no worse for it
    trust = partial(_trust, catalog.repository)
    return [Mount(name=name, url=url, trust=trust(name, url)) for name, url in sorted(entries.items())]


def setting(name: str) -> str:
    """Return where git config keeps the URL that was trusted by a name."""
    return f"registry.mount.{name}.url"


def _trust(repository: Repository, name: str, url: str) -> Trust:
    files = _FILE in repository.config_all(ALLOW)
    if not addresses.is_remote(url) and not (files and addresses.is_file(url)):
        return Trust.REFUSED
    trusted = repository.config_all(setting(name))
    if url in trusted:
        return Trust.TRUSTED
    return Trust.CHANGED if trusted else Trust.UNTRUSTED


def mount(catalog: Catalog, name: str) -> Mount:
    """Return the mount of this name.

    Raises:
        NotFound: there is none.
    """
    known = mounts(catalog)
    found = next((one for one in known if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in known)
        raise NotFound(
            f"the organization mounts nothing by the name {name!r}",
            hint=f"it mounts {names}" if names else "`repositories:` in organization.yaml would name it",
        )
    return found


def entered(catalog: Catalog, text: str) -> tuple[Catalog, str]:
    """Return the repository that a selector is about, seen from its default branch, and the rest of it.

    `secret/model/churn:v3` is about the mount `secret`, and `model/churn:v3` is the rest; of `secret` alone,
    nothing is left. Whatever begins with a registry's name is about the catalog that is given; and so is all
    that a mounted repository is given itself, with its name in front or not. The remote of a mount is asked
    for what it holds now, the first time that it is entered.

    Raises:
        Refused: it is a mount that is not trusted.
        NotFound: there was nothing yet at the moment that is looked at.
        NetworkError: it can't be reached, or not be read, and nothing was fetched from there yet.
    """
    parts = text.strip("/").split("/")
    if catalog.mount:
        return catalog, _within(catalog, parts) or text
    if f"{parts[0]}/" == PROJECTS:
        return catalog, text
    now = catalog.registries().present()
    if now.entry(f"{parts[0]}/registry.yaml"):
        return catalog, text
    if len(parts) > 1 and _is_own_name(catalog, parts[0]):
        del parts[0]
    if not any(one.name == parts[0] for one in mounts(catalog)):
        return catalog, text
    return opened(catalog, parts[0]), "/".join(parts[1:])


def _within(catalog: Catalog, parts: list[str]) -> str:
    """Return the rest of what begins with the mount's own name, which one of its registries may have, too."""
    if parts[0] != catalog.mount:
        return ""
    named = catalog.registries().present().entry(f"{parts[0]}/registry.yaml")
    return "" if named and len(parts) <= _DEEPEST else "/".join(parts[1:])


def _is_own_name(catalog: Catalog, text: str) -> bool:
    try:
        return catalog.registries().present().organization().name == text
    except InvalidDocument:
        return False


def opened(catalog: Catalog, name: str) -> Catalog:
    """Return a mounted repository as its remote has it now, or had it when the catalog looks back to.

    It is closed with the catalog. What is written to it is published at once. See `entered`.
    """
    found = _trusted(catalog, name)
    clone = clone_of(catalog, found)
    fetched = clone.kept if catalog.reach is Reach.OFFLINE else clone.refreshed
    return _then(catalog, _held(catalog, _NOW, found, fetched))


def as_fetched(catalog: Catalog, name: str) -> Catalog | None:
    """Return it as it was fetched last, asking nobody; None if nothing was fetched, or was there then.

    Raises:
        Refused: it is not trusted.
    """
    found = _trusted(catalog, name)
    try:
        return _then(catalog, _held(catalog, _FETCHED, found, clone_of(catalog, found).kept))
    except NotFound:
        return None


def _trusted(catalog: Catalog, name: str) -> Mount:
    found = mount(catalog, name)
    require_trusted(found)
    return found


def let_go(catalog: Catalog) -> None:
    """Close what the catalog holds of mounted repositories; entered again, they are fetched again."""
    for key in [key for key in catalog.held if key.startswith((_NOW, _FETCHED))]:
        catalog.held.pop(key).close()


def clone_of(catalog: Catalog, found: Mount) -> Clone:
    """Return the clone that is kept of a mount, as of any other URL; it need not be there yet."""
    from git_registry.sdk.clones import Clone  # most organizations mount nothing

    return Clone.of(found.url, catalog.environ, clock=catalog.clock, notify=catalog.notify)


def require_trusted(found: Mount) -> None:
    """Check that a mount may be fetched.

    Raises:
        Refused: nobody trusted its URL, or nobody may.
    """
    match found.trust:
        case Trust.REFUSED:
            raise refused(found)
        case Trust.CHANGED:
            said = f"its URL is {found.shown} now, which is not the one that was trusted"
        case Trust.UNTRUSTED:
            said = f"it would be fetched from {found.shown}, which is not trusted yet"
        case Trust.TRUSTED:
            return
    raise Refused(said, where=found.name, hint=f"`git registry mount trust {found.name}`, if you know it")


def refused(found: Mount) -> Refused:
    """Return why a mount can't be trusted, whoever asks for it."""
    if addresses.is_file(found.url):
        return Refused(
            f"{found.shown} is on this machine, and the organization does not decide what is read here",
            where=found.name,
            hint=f"`git config {ALLOW} file` allows it in this clone",
        )
    return Refused(
        f"{found.shown!r} is no https or ssh URL of a repository",
        where=found.name,
        hint="an org admin may correct it: `repositories:` in organization.yaml",
    )


def _held(catalog: Catalog, how: str, found: Mount, fetched: Callable[[], Repository]) -> Catalog:
    """Return what the catalog holds of a mount, opened the first time; a URL that changes is another."""
    key = f"{how}{found.name} {found.url}"
    held = catalog.held.get(key)
    if held is None:
        held = catalog.held[key] = _seen(catalog, fetched(), found.name)
    assert isinstance(held, Catalog)
    return held


def _seen(catalog: Catalog, repository: Repository, name: str) -> Catalog:
    from git_registry.repository.remote import default_branch  # resolving an alias asks no remote

    there = Catalog(
        repository=repository,
        branch=default_branch(repository),
        clock=catalog.clock,
        notify=catalog.notify,
        trusted=catalog.trusted,
        rewrite=catalog.rewrite,
        why=catalog.why,
        reach=Reach.OFFLINE if catalog.reach is Reach.OFFLINE else Reach.PUBLISHED,
        waits=catalog.waits,
        announced=catalog.announced,
        mount=name,
        user=catalog.repository.config("registry.user") or "",
        environ=catalog.environ,
    )
    if catalog.reach is Reach.PROPOSED:
        from git_registry.sdk.proposing import begin  # few commands propose anything

        return begin(there, catalog.proposal)
    return there


def _then(catalog: Catalog, there: Catalog) -> Catalog:
    if catalog.commit is None:
        return there
    from git_registry.sdk.looking_back import as_of

    then = as_of(catalog, there)
    if then is None:
        raise NotFound(f"there was nothing in {there.mount} yet", where="--at")
    return then
