"""Trusting the repositories that the organization mounts, and what may be done with each (DESIGN §10)."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NetworkError, NotFound, RegistryError
from git_registry.repository import remote
from git_registry.repository.follower import ORIGIN, TRACKED
from git_registry.sdk import mounts
from git_registry.sdk.mounts import Mount, Trust, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class MountView:
    """One mounted repository, as its remote answered now.

    Attributes:
        mount: its name, its URL, and whether that is trusted.
        readable: may it be fetched? None if nobody asked, because it is not trusted.
        writable: does it take pushes from us, as far as it tells before one? None if nobody asked.
        registries: what is in it, as `secret/model`; those that were fetched.
        problem: why it is not as it should be.
        hint: what to do about that.
    """

    mount: Mount
    readable: bool | None = None
    writable: bool | None = None
    registries: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""


def listed(catalog: Catalog) -> list[MountView]:
    """Return all that the organization mounts, by name. Those that are trusted are asked, and no others."""
    return [_view(catalog, one) for one in mounts.mounts(catalog.registries())]


def _view(catalog: Catalog, one: Mount) -> MountView:
    try:
        mounts.require_trusted(one)
        return _asked(catalog, one)
    except RegistryError as problem:
        readable = False if one.trust is Trust.TRUSTED else None
        return MountView(
            mount=one, readable=readable, writable=readable, problem=problem.message, hint=problem.hint
        )


def _asked(catalog: Catalog, one: Mount) -> MountView:
    there = mounts.opened(catalog, one.name)
    told = remote.advertised(there.repository, ORIGIN, "HEAD")  # what was fetched once may be denied by now
    branch = there.branch or ""
    writable = bool(told) and remote.takes_pushes(there.repository, ORIGIN, TRACKED + branch, branch)
    names = tuple(f"{one.name}/{name}" for name in there.now().registries())
    return MountView(mount=one, readable=True, writable=writable, registries=names)


def trust(catalog: Catalog, name: str) -> Mount:
    """Trust the URL that a mount has now. Git config of this clone remembers it; nothing is fetched yet.

    Raises:
        NotFound: the organization mounts nothing by that name.
        Refused: its URL is none that may be trusted.
    """
    found = mounts.mount(catalog, name)
    if found.trust is Trust.REFUSED:
        raise mounts.refused(found)
    catalog.repository.set_config(setting(name), found.url)
    return mounts.mount(catalog, name)


def fetch(catalog: Catalog, name: str) -> MountView:
    """Fetch a mount that is trusted. It goes on being that if it can't be: access may come later.

    Raises:
        NotFound: the organization mounts nothing by that name.
        Refused: it is not trusted.
        NetworkError: it can't be reached, or not be read.
    """
    found = mounts.mount(catalog, name)
    mounts.require_trusted(found)
    try:
        return _asked(catalog, found)
    except NetworkError as unread:
        unread.hint = f"once it lets you read it, it is here; `git registry mount forget {name}` ends that"
        raise


def forget(catalog: Catalog, name: str) -> None:
    """Trust a mount no more, and remove what was fetched of it, whether or not it is mounted by now.

    Raises:
        NotFound: this clone does not trust anything by that name.
        Conflict: what was committed to it offline is nowhere else; or the user's own configuration, which
            this leaves alone, trusts it too.
    """
    repository = catalog.repository
    trusted = repository.config_all(setting(name))
    if not trusted:
        raise NotFound(f"nothing is trusted by the name {name!r}", hint="`git registry mount` lists what is")
    mounts.let_go(catalog)
    for url in trusted:
        mounts.clone_of(catalog, Mount(name=name, url=url, trust=Trust.TRUSTED)).remove()
    repository.git("config", "--local", "--unset-all", setting(name), check=False)
    repository.forget_config()
    if repository.config(setting(name)):
        raise Conflict(
            "your own git config trusts it as well",
            where=name,
            hint=f"`git config --global --unset-all {setting(name)}`",
        )
