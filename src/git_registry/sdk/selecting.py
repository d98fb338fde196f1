"""From what a user typed to what is there, with the nearest name when nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model import selector as selectors
from git_registry.model.digest import ID_LENGTH
from git_registry.model.documents.manifest import Manifest
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PLACE
from git_registry.model.selector import Selector
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import mounts
from git_registry.sdk.placing import by_its_name

if TYPE_CHECKING:
    from git_registry.index.numbers import Numbers


_Suggest: TypeAlias = Callable[[Snapshot, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One linked version: its collection's path, its id and where its manifest is.

    Paths are those on the branch it is on, which `Place.catalog` shows.
    """

    collection: str
    id: str
    manifest: str


class Place(NamedTuple):
    """What a selector names, and the clone seen from the branch that it is on."""

    catalog: Catalog
    selector: Selector


def place(catalog: Catalog, text: str, *, suggest: _Suggest | None = None) -> Place:
    """Read a selector of something in a registry or a project, here or in a mounted repository.

    Args:
        catalog: the clone.
        text: what the user typed.
        suggest: what to say of a registry that isn't there.

    Raises:
        UsageError: it is none.
        NotFound: there is no such registry or project; what may be meant is suggested.
        Refused: it is in a mounted repository that is not trusted.
        NetworkError: that can't be reached, and nothing was fetched from there yet.
    """
    if text.startswith(PROJECTS):
        return _in_project(catalog, selectors.parse(text))
    there, below = mounts.entered(catalog, text)
    if there.mount and not below:
        raise UsageError(
            f"{text} is a mounted repository; name a registry in it, such as {there.mount}/model"
        )
    with by_its_name(there):
        return _placed(there, below, suggest or meant)


def _placed(catalog: Catalog, text: str, suggest: _Suggest) -> Place:
    shown = registries(catalog)
    selector = replace(selectors.parse(text, organization=own_name(shown.now())), mount=catalog.mount)
    if selector.project:
        return _in_project(catalog, selector)
    return Place(shown, in_registry(shown.now(), selector, suggest))


def registries(catalog: Catalog) -> Catalog:
    """Return the clone seen from where its registries are, at the moment that is looked at.

    Raises:
        NotFound: there were none then.
    """
    shown = catalog.registries()
    if shown is catalog:
        return catalog
    there = _then(catalog, shown)
    if there is None:
        raise NotFound("there was no registry yet", where="--at")
    return there


def on_project(catalog: Catalog, name: str) -> Catalog:
    """Return the clone seen from a project's branch, at the moment that is looked at.

    Raises:
        NotFound: it isn't here, or wasn't there then; the nearest is suggested.
    """
    from git_registry.catalog import projects  # most selectors name what is in a registry

    found = projects.on_project(catalog, name)
    if found is None:
        raise NotFound(
            f"there is no project {name!r} here",
            hint=nearest(name, projects.projects(catalog.repository))
            or "`git registry list projects` shows what was fetched",
        )
    there = _then(catalog, found)
    if there is None:
        raise NotFound(f"there was no project {name!r} yet", where="--at")
    return there


def _then(catalog: Catalog, other: Catalog) -> Catalog | None:
    if catalog.commit is None:
        return other
    from git_registry.sdk import looking_back

    return looking_back.as_of(catalog, other)


def _in_project(catalog: Catalog, selector: Selector) -> Place:
    return Place(on_project(catalog, selector.registry), selector)


_COMPUTED = re.compile(r"v[0-9]+\??|latest")


def in_registry(now: Snapshot, selector: Selector, suggest: _Suggest) -> Selector:
    """Return the selector with its registry's own name, where a title was given.

    Raises:
        NotFound: there is no such registry, or several.
    """
    return replace(selector, registry=registry_named(now, selector.registry, suggest))


def own_name(now: Snapshot) -> str:
    """Return the organization's name; none if its document can't be read, which hides nothing else."""
    try:
        return now.organization().name
    except InvalidDocument:
        return ""


def meant(now: Snapshot, word: str) -> str:
    """Return what a word may mean that is no registry: people leave out the registry, or the collection."""
    below = {registry: list(now.collections(registry)) for registry in now.registries()}
    paths = [path for inside in below.values() for path in inside]
    named = [path for path in paths if path.partition("/")[2].casefold() == word.casefold()]
    if named:
        return f"did you mean {' or '.join(named)}?"
    if _COMPUTED.fullmatch(word):
        return f"name the collection: {paths[0] if paths else 'model/churn'}:{word}"
    alike = (nearest(f"{one}/{word}", inside, within=f"{one}/") for one, inside in below.items())
    return nearest(word, [*below, *_mounted(now)]) or next(
        filter(None, alike), "`git registry list` shows the registries"
    )


def _mounted(now: Snapshot) -> Iterable[str]:
    try:
        return now.organization().repositories
    except InvalidDocument:
        return ()


def registry_named(now: Snapshot, text: str, suggest: _Suggest = meant) -> str:
    """Return the one registry whose name or title is `text`, ignoring case.

    Raises:
        NotFound: there is none, or several.
    """
    if not PLACE.problem(text) and "registry.yaml" in now.tree.entries(text):
        return text
    names = list(now.registries())
    wanted = text.casefold()
    found = [name for name in names if wanted in (name.casefold(), _title(now, name).casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            f"{text!r} names several registries: {', '.join(found)}", hint="use the name, not the title"
        )
    raise NotFound(f"there is no registry {text!r}", hint=suggest(now, text))


def _title(now: Snapshot, registry: str) -> str:
    try:
        return now.registry(registry).title or ""
    except InvalidDocument:
        return ""


def collection(catalog: Catalog, selector: Selector) -> str:
    """Return the path of the collection, or the artifact of a project, that a selector names.

    Args:
        catalog: the clone, seen from the branch the selector is about: see `place`.
        selector: what the user typed.

    Raises:
        NotFound: it isn't there; what it was renamed to is told, or the nearest one suggested.
        UsageError: it names a registry or a project.
    """
    if selector.collection is None:
        raise _whole_place(selector)
    if not catalog.now().has_collection(selector.path):
        raise _absent(catalog, selector)
    return selector.path


def _whole_place(selector: Selector) -> UsageError:
    if selector.project:
        return UsageError(f"{selector} is a project; name an artifact in it, such as {selector}/features")
    return UsageError(f"{selector} is a registry; name a collection in it, such as {selector}/churn")


def _absent(catalog: Catalog, selector: Selector) -> NotFound:
    from git_registry.sdk import whereabouts  # asks history, which what is there doesn't need

    what, begins = "artifact" if selector.project else "collection", selector.above
    there, within = catalog.now().collections(selector.registry), f"{begins}{selector.registry}"
    return NotFound(
        f"there is no {what} {begins}{selector.path}",
        hint=whereabouts.hint(catalog, selector.path)
        or nearest(f"{begins}{selector.path}", [begins + path for path in there], within=f"{within}/")
        or f"`git registry list {within}` shows what is there",
    )


def whole(catalog: Catalog, selector: Selector) -> str:
    """Return the path of the collection a selector names, and not a version of it.

    Raises:
        NotFound: see `collection`.
        UsageError: it names a registry, or one version.
    """
    if selector.names_version:
        raise UsageError(
            f"{selector} is a version; this takes a collection",
            hint=f"such as {selector.above}{selector.path}",
        )
    return collection(catalog, selector)


def version(catalog: Catalog, selector: Selector, *, assume_latest: bool = False) -> Found:
    """Return the version a selector names at the branch's tip.

    Aliases and digests are read off the tip's tree alone, so they work without history.

    Args:
        catalog: the clone, seen from the branch the version is on: see `place`.
        selector: what the user typed.
        assume_latest: does a collection stand for its latest version? Only for verbs that read.

    Raises:
        NotFound: nothing is there by that name, or not any more: how it went is told.
        UsageError: the selector names no version, or its digits fit several.
    """
    with by_its_name(catalog):
        return _version(catalog, selector, assume_latest=assume_latest)


def _version(catalog: Catalog, selector: Selector, *, assume_latest: bool) -> Found:
    now = catalog.now()
    path = collection(catalog, selector)
    if selector.alias is not None:
        return _by_alias(now, path, selector.alias)
    if selector.digits is not None:
        return _by_digits(now, path, selector.digits)
    if selector.number is not None:
        return _by_number(catalog, path, selector.number)
    if selector.latest or assume_latest:
        return latest(now, path, _numbers(catalog))
    raise UsageError(
        f"{selector} is {'an artifact' if selector.project else 'a collection'}; this needs a version",
        hint=f"such as {selector}:v3, or an alias: {selector}:production",
    )


def ever(catalog: Catalog, selector: Selector, *, assume_latest: bool = False) -> str:
    """Return the id of the version a selector names; it need not be linked any more, or even be there.

    Raises:
        NotFound: there never was one by that name.
        UsageError: see `version`; or the digits fit several that are no longer linked.
    """
    if selector.number is not None:
        found = _numbers(catalog).find(selector.path, selector.number)
        if found is not None:
            return found
    try:
        return version(catalog, selector, assume_latest=assume_latest).id
    except NotFound:
        gone = _gone(catalog, selector.path, selector.digits) if selector.digits else []
        if not gone:
            raise
    if len(gone) > 1:
        raise UsageError(
            f"{selector.digits} fits {len(gone)} versions that were unlinked",
            where=selector.path,
            hint="give more digits",
        )
    return gone[0]


def _gone(catalog: Catalog, path: str, digits: str) -> list[str]:
    """Return the ids of the versions that digits may mean and that are linked no more, purged ones too."""
    now = catalog.now()
    known = {*now.versions(path, unlinked=True), *_numbers(catalog).of(path)}
    return _fitting(known.difference(now.versions(path)), digits)


def _fitting(ids: Iterable[str], digits: str) -> list[str]:
    """Return those that digits may mean: a few of a digest, or more of it than an id has."""
    return [one for one in ids if one.startswith(digits[:ID_LENGTH])]


def _numbers(catalog: Catalog) -> Numbers:
    # An alias or a digest needs no history, and no time to import what walks it.
    from git_registry.index.numbers import numbers

    return numbers(catalog)


def _found(now: Snapshot, path: str, identifier: str, named: str) -> Found:
    manifest = now.find(path, identifier)
    if manifest is None:
        raise NotFound(f"{named} names version {identifier[:8]}, which is not linked", where=path)
    return Found(collection=path, id=identifier, manifest=manifest)


def _by_alias(now: Snapshot, path: str, alias: str) -> Found:
    identifier = now.alias(path, alias)
    if identifier is None:
        names = [name.removesuffix(".yaml") for name in now.tree.entries(f"{path}/aliases")]
        there = f"its aliases: {', '.join(sorted(names))}" if names else "it has no aliases"
        raise NotFound(f"there is no alias {alias!r}", where=path, hint=nearest(alias, names) or there)
    return _found(now, path, identifier, f"the alias {alias!r}")


def _by_digits(now: Snapshot, path: str, digits: str) -> Found:
    versions = now.versions(path)
    fitting = _fitting(versions, digits)
    if len(fitting) > 1:
        raise UsageError(f"{digits} fits {len(fitting)} versions", where=path, hint="give more digits")
    if not fitting:
        gone = _fitting(now.versions(path, unlinked=True), digits)
        raise NotFound(
            f"no linked version's digest begins with {digits}",
            where=path,
            hint=f"@{gone[0][:8]} was unlinked; linking it again brings it back" if gone else "",
        )
    found = Found(collection=path, id=fitting[0], manifest=versions[fitting[0]])
    if len(digits) > ID_LENGTH:
        digest = manifest(now, found).digest.value
        if not digest.startswith(digits):
            raise NotFound(f"no version has the digest {digits}", where=path, hint=f"the nearest is {digest}")
    return found


def _by_number(catalog: Catalog, path: str, number: int) -> Found:
    known = _numbers(catalog)
    identifier = known.find(path, number)
    if identifier is None:
        last = known.highest(path)
        there = f"its versions go up to v{last}" if last is not None else "nothing was ever linked there"
        raise NotFound(f"there is no version v{number}", where=path, hint=there)
    manifest = catalog.now().find(path, identifier)
    if manifest is None:
        from git_registry.sdk import whereabouts

        raise whereabouts.gone(catalog, path, identifier, number)
    return Found(collection=path, id=identifier, manifest=manifest)


def latest(now: Snapshot, path: str, known: Numbers) -> Found:
    """Return the linked version with the highest number.

    Raises:
        NotFound: the collection is empty.
    """
    identifier = known.latest(path)
    if identifier is None:
        raise NotFound("no version is linked", where=path)
    return _found(now, path, identifier, "latest")


def manifest(now: Snapshot, found: Found) -> Manifest:
    """Return a version's manifest.

    Raises:
        InvalidDocument: it can't be read, or is another version's under this one's name.
    """
    document = now.manifest(found.manifest)
    if document.id != found.id:
        raise InvalidDocument(
            f"the file is not named by its digest, which begins {document.id}", where=found.manifest
        )
    return document


def nearest(text: str, names: Iterable[str], *, within: str = "") -> str:
    """Return "did you mean …?" with the name most like `text`, or an empty text.

    What all of them begin with, `within`, makes none more alike.
    """
    import difflib

    close = difflib.get_close_matches(text.removeprefix(within), [n.removeprefix(within) for n in names], n=1)
    return f"did you mean {within}{close[0]}?" if close else ""
