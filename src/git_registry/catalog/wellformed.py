"""Does a tree follow the format? Every mistake, with its file, line and field (DESIGN §3.1).

Who may make a change is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from git_registry import codec
from git_registry.catalog.documents import document_of
from git_registry.catalog.names import Names
from git_registry.catalog.tree import Contents
from git_registry.errors import Conflict, InvalidDocument, RegistryError, UsageError
from git_registry.model import layout
from git_registry.model.diff import changed_paths
from git_registry.model.diff.change import identify
from git_registry.model.diff.paths import ChangedPath
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.organization import Organization
from git_registry.model.events import Event, FileChanged, RegistryCreated, TypesChanged, VersionRewritten
from git_registry.model.layout import Identity, Kind
from git_registry.model.snapshot import REGULAR, Snapshot
from git_registry.repository import addresses

if TYPE_CHECKING:
    # To make the class of a document takes longer than to hold one against it.
    from git_registry.model.documents.access import Access
    from git_registry.model.documents.automation import Automation
    from git_registry.model.documents.collection import Collection
    from git_registry.model.documents.manifest import Manifest
    from git_registry.model.documents.notes import Notes
    from git_registry.model.documents.registry import Registry
    from git_registry.model.documents.run import Run
    from git_registry.model.edits.change import Changes

_OWN_DIRECTORIES = ("versions", "unlinked", "aliases", "automations")
_DOCUMENT_NAMES = ("registry.yaml", "collection.yaml", "access.yaml")

MOST_AUTOMATIONS = 200
"""In one directory: whoever answers a push reads them all, and holds each against all that happened."""

Problem = InvalidDocument
Check = Callable[[Contents, str, Identity, Any], Iterator[Problem]]
"""Says what is wrong with a document at a path, besides its own format."""


def problems(
    tree: Contents,
    paths: Iterable[str] | None = None,
    *,
    before: Contents | None = None,
    lenient: Container[str] = (),
) -> Iterator[Problem]:
    """Yield what is wrong with the files at `paths`, or with all of them, each once; see `at`.

    Their names are held against those that stood there before; against each other, if that is not given.
    """
    now = Snapshot(tree)
    every = sorted(every_path(tree)) if paths is None else list(paths)
    stood = tree if before is None else before
    yield from Names().problems(
        stood.entries, tree.entries, [(path, None, now.entry(path)) for path in every]
    )
    said: set[str] = set()
    for path in every:
        for problem in at(tree, path, strict=path not in lenient):
            # A collection that can't be read is met again at each of its versions.
            if str(problem) not in said:
                said.add(str(problem))
                yield problem


def every_path(tree: Contents, directory: str = "") -> Iterator[str]:
    """Yield the paths of all files in a tree."""
    for name, entry in tree.entries(directory).items():
        path = f"{directory}/{name}" if directory else name
        if entry.is_directory:
            yield from every_path(tree, path)
        else:
            yield path


def is_ours(tree: Contents, path: str) -> bool:
    """Is a path one that the format knows, as this tree is?"""
    return _about(tree, path).kind is not Kind.OUTSIDE


def _about(tree: Contents, path: str) -> Identity:
    now = Snapshot(tree)
    return identify(path, now, now)


def at(tree: Contents, path: str, *, strict: bool = True) -> Iterator[Problem]:
    """Yield what is wrong with the file at one path; fields nobody knows are wrong if `strict`."""
    what = _about(tree, path)
    entry = Snapshot(tree).entry(path)
    if entry is None:
        return
    if what.kind is Kind.OUTSIDE:
        yield from _misplaced(tree, path)
        return
    if entry.mode != REGULAR:
        yield Problem(
            f"expected a plain file (mode 100644), found mode {entry.mode:o}",
            where=path,
            hint="symlinks, submodules and executable files have no place here",
        )
        return
    kind = document_of(what.kind)
    if kind is None:
        return
    try:
        document = codec.decode(kind, tree.content(path), where=path, strict=strict)
        for check in CHECKS.get(what.kind, ()):
            yield from check(tree, path, what, document)
    except InvalidDocument as problem:
        yield from problem.problems


def left_behind(
    before: Contents, after: Contents, changes: Iterable[ChangedPath] | None = None
) -> Iterator[Problem]:
    """Yield what a step left without the document above it or beside it.

    Who knows what it changed hands that in, as `changed_paths` would give it.
    """
    for path, _, now in changed_paths(before, after) if changes is None else changes:
        what = identify(path, Snapshot(before), Snapshot(after))
        if now is None and what.kind in _MANIFESTS:
            yield from at(after, layout.notes_path(path))
        if now is None and what.kind in _ABOVE and any(_below(after, what)):
            yield Problem(
                f"there is something below it: {next(_below(after, what))}",
                where=path,
                hint=f"`git registry delete {what.subject}` removes all of it",
            )


_ABOVE = (Kind.REGISTRY, Kind.COLLECTION)
_MANIFESTS = (Kind.VERSION, Kind.UNLINKED)


def _below(tree: Contents, what: Identity) -> Iterator[str]:
    if what.kind is Kind.REGISTRY:
        yield from Snapshot(tree).collections(what.registry)
    else:
        yield from (
            f"{what.subject}/{name}"
            for name in ("versions", "aliases")
            if tree.entries(f"{what.subject}/{name}")
        )


def forbidden(after: Contents, events: Iterable[Event]) -> Iterator[Problem]:
    """Yield what no step may do, whoever makes it."""
    happened = tuple(events)
    # Of what was unreadable before, or not there at all, nobody can say what it had.
    unknown = {layout.registry_path(e.path) for e in happened if isinstance(e, RegistryCreated)}
    unknown |= {e.path for e in happened if isinstance(e, FileChanged)}
    for event in happened:
        match event:
            case VersionRewritten():
                yield Problem(
                    f"the manifest of {event.version[:8]} was rewritten; it never changes",
                    where=_manifest(Snapshot(after), event) or event.path,
                    hint="what may change is in the notes; link corrected content as a new version",
                )
            case TypesChanged() if layout.registry_path(event.path) not in unknown:
                yield from _types_removed(event)


def _types_removed(event: TypesChanged) -> Iterator[Problem]:
    types = event.after or ()
    removed = [name for name in event.before if name not in types] if event.before else ["any"]
    if types and removed:
        yield Problem(
            f"types: it accepted {', '.join(removed)}; types may be added, never removed",
            where=layout.registry_path(event.path),
            hint="make another registry for what accepts less",
        )


def _manifest(after: Snapshot, event: VersionRewritten) -> str | None:
    return after.find(event.path, event.version) or after.find(event.path, event.version, unlinked=True)


def require(before: Contents, after: Contents, changes: Changes, events: Iterable[Event]) -> None:
    """Check that a step's changes leave a well-formed tree.

    A field nobody knows is refused where somebody writes it. One that a newer version wrote earlier is
    kept, in what is changed by a verb and in what is moved or copied unread.

    Raises:
        Conflict: an alias would name a version that is not linked.
        InvalidDocument: anything else; its `problems` are all of them.
    """
    from git_registry.model.edits.change import Kept  # hooks know no edits

    require_aliases(before, after, changes)
    lenient = {p for p, change in changes.items() if isinstance(change, Kept) or has_unknown(before, p)}
    found = [
        *left_behind(before, after),
        *forbidden(after, events),
        *problems(after, changes, before=before, lenient=lenient),
    ]
    if found:
        raise InvalidDocument(
            found[0].message, where=found[0].where, hint=found[0].hint, problems=tuple(found)
        )


def has_unknown(tree: Contents, path: str) -> bool:
    """Has the document at a path, if one is there, a field that nobody here knows?"""
    kind = document_of(_about(tree, path).kind)
    if kind is None or Snapshot(tree).entry(path) is None:
        return False
    try:
        codec.decode(kind, tree.content(path), strict=True)
    except InvalidDocument:
        return True
    return False


def require_aliases(before: Contents, after: Contents, paths: Iterable[str]) -> None:
    """Check that a change of these paths left no alias without its version.

    Raises:
        Conflict: one that was not so before names a version that is not linked.
    """
    for collection, alias, version in _stranded(before, after, paths):
        raise Conflict(
            f"it would name version {version[:8]}, which is not linked",
            where=layout.alias_path(collection, alias),
            hint=f"point it elsewhere: `git registry promote {collection}:VERSION --to {alias}`",
        )


def stranded(before: Contents, after: Contents, paths: Iterable[str]) -> Iterator[Problem]:
    """Yield each alias that a change of these paths left without its version, touched or not."""
    for collection, alias, version in _stranded(before, after, paths):
        yield _not_linked(collection, alias, version)


def _stranded(before: Contents, after: Contents, paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    was, now = Snapshot(before), Snapshot(after)
    # A manifest that comes leaves no alias without its version.
    about = ((identify(path, was, now), was.entry(path) is None) for path in paths)
    taken = (what for what, is_new in about if what.collection and not (is_new and what.kind is Kind.VERSION))
    for collection in dict.fromkeys(what.subject for what in taken):
        found = dangling(after, collection)
        known = dangling(before, collection) if found else []
        yield from ((collection, *one) for one in found if one not in known)


def dangling(tree: Contents, collection: str) -> list[tuple[str, str]]:
    """Return (alias, id) of the aliases that name no linked version; unreadable ones are left out."""
    now = Snapshot(tree)
    found = []
    for name in tree.entries(f"{collection}/aliases"):
        try:
            version = tree.document(f"{collection}/aliases/{name}", Alias).version
        except RegistryError:
            continue
        if now.find(collection, version) is None:
            found.append((name.removesuffix(".yaml"), version))
    return found


_FILES = (REGULAR, 0o100755)
_OWN_DEPTH = 3
"""How many parts `model/churn/aliases` has."""


def _misplaced(tree: Contents, path: str) -> Iterator[Problem]:
    parts = path.split("/")
    managed = is_ours(tree, layout.registry_path(parts[0])) and len(parts) > 1
    in_collection = len(parts) > 3 and parts[2] in _OWN_DIRECTORIES
    in_registry = len(parts) > 2 and parts[1] in ("automations", "runs")
    entry = Snapshot(tree).entry(path)
    if managed and entry and entry.mode not in _FILES:
        yield Problem(
            f"a symlink or submodule in a registry (mode {entry.mode:o})",
            where=path,
            hint="it could stand for a collection; keep it outside the registries",
        )
    elif managed and len(parts) == _OWN_DEPTH and parts[-1] in _OWN_DIRECTORIES:
        yield Problem("a file is where a directory belongs", where=path, hint="rename it")
    elif managed and (in_collection or in_registry):
        yield Problem(
            f"a file of that name has no place in {'/'.join(parts[:-1])}/",
            where=path,
            hint="versions and runs are named by their id, aliases and automations by their name, "
            "all end in .yaml",
        )
    elif parts[-1] in _DOCUMENT_NAMES and (managed or _is_misnamed_registry(parts)):
        yield Problem("a registry or collection may not be called that or lie there", where=path)


def _is_misnamed_registry(parts: list[str]) -> bool:
    return parts[1:] == ["registry.yaml"] and not parts[0].startswith(".")


def _named_by_digest(tree: Contents, path: str, what: Identity, manifest: Manifest) -> Iterator[Problem]:
    if manifest.id != what.name:
        yield Problem(f"the file is not named by its digest, which begins {manifest.id}", where=path)
    linked, unlinked = (layout.manifest_places(what.subject, what.name, unlinked=u) for u in (False, True))
    yield from _there_once(tree, path, (*linked, *unlinked), "version")


def _there_once(tree: Contents, path: str, places: Iterable[str], word: str) -> Iterator[Problem]:
    now = Snapshot(tree)
    first = next(place for place in places if now.entry(place))
    if first != path:
        yield Problem(f"the same {word} is at {first} too", where=path, hint="remove one of them")


def _recorded_once(tree: Contents, path: str, what: Identity, _run: Run) -> Iterator[Problem]:
    yield from _there_once(tree, path, layout.run_places(what.registry, what.name), "run")


def _in_its_project(tree: Contents, path: str, what: Identity, _run: Run) -> Iterator[Problem]:
    if Snapshot(tree).entry(layout.project_path(what.registry)) is None:
        yield Problem("there is no project.yaml above it", where=path)


def _in_its_collection(tree: Contents, path: str, what: Identity, manifest: Manifest) -> Iterator[Problem]:
    now = Snapshot(tree)
    if not now.has_collection(what.subject):
        yield Problem(
            "there is no collection.yaml for it",
            where=path,
            hint=f"`git registry create {what.subject} --type …`",
        )
        return
    accepted, found = now.collection(what.subject).type, manifest.type
    if accepted != found:
        yield Problem(f"type: the collection holds {accepted!r}, not {found!r}", where=path)


def _accepted(tree: Contents, path: str, what: Identity, collection: Collection) -> Iterator[Problem]:
    now = Snapshot(tree)
    if now.entry(layout.project_path(what.registry)):
        return  # an artifact: a project takes any type
    if now.entry(layout.registry_path(what.registry)) is None:
        yield Problem("there is no registry.yaml above it", where=path)
        return
    registry, found = now.registry(what.registry), collection.type
    if not registry.accepts(found):
        yield Problem(f"type: the registry accepts {', '.join(registry.types)}, not {found!r}", where=path)


def _points_somewhere(tree: Contents, _path: str, what: Identity, alias: Alias) -> Iterator[Problem]:
    if Snapshot(tree).find(what.subject, alias.version) is None:
        yield _not_linked(what.subject, what.name, alias.version)


def _not_linked(collection: str, alias: str, version: str) -> Problem:
    return Problem(
        f"version: {version} is not linked in {collection}",
        where=layout.alias_path(collection, alias),
        hint=f"`git registry list {collection}` shows what is",
    )


def _beside_a_manifest(tree: Contents, path: str, what: Identity, _notes: Notes) -> Iterator[Problem]:
    if Snapshot(tree).entry(path.replace(".notes.yaml", ".yaml")) is None:
        yield Problem(f"these are notes on {what.name[:8]}, which is not beside them", where=path)


def _named_apart(tree: Contents, path: str, _what: Identity, organization: Organization) -> Iterator[Problem]:
    registries = {name.casefold(): name for name in Snapshot(tree).registries()}
    for field, name in (
        ("name", organization.name),
        *(("repositories", m) for m in organization.repositories),
    ):
        if name.casefold() in registries:
            registry = registries[name.casefold()]
            yield Problem(f"{field}: {registry!r} is a registry too", where=path, hint="rename one of them")


def _mounts_addressed(
    _tree: Contents, path: str, _what: Identity, organization: Organization
) -> Iterator[Problem]:
    """Yield the mounts that git would be given as something else than a URL, before somebody trusts one."""
    for name, url in organization.repositories.items():
        if not addresses.is_remote(url) and not addresses.is_file(url):
            yield Problem(
                f"repositories.{name}: expected an https or ssh URL of a repository, such as "
                "git@git.acme.example:secret.git",
                where=path,
            )


def _named_as_nothing_else(
    tree: Contents, path: str, what: Identity, _registry: Registry
) -> Iterator[Problem]:
    if Snapshot(tree).entry(layout.ORGANIZATION) is None:
        return
    organization = tree.document(layout.ORGANIZATION, Organization)
    for other, names in (("organization", (organization.name,)), ("mount", tuple(organization.repositories))):
        if what.registry.casefold() in map(str.casefold, names):
            yield Problem(
                f"{what.registry!r} is the name of the {other}", where=path, hint="rename one of them"
            )


def _gates_readable(_tree: Contents, path: str, _what: Identity, access: Access) -> Iterator[Problem]:
    from git_registry.policy import gates  # few pushes change access

    for alias, protection in access.protected_aliases.items():
        for number, gate in enumerate(protection.gates):
            try:
                gates.conditions(gate)
            except UsageError as problem:
                where = f"{path}: protected_aliases.{alias}.gates[{number}]"
                yield Problem(str(problem), where=where, hint=problem.hint)


def _few_beside_it(tree: Contents, path: str, _what: Identity, _automation: Automation) -> Iterator[Problem]:
    directory = path.rpartition("/")[0]
    found = len(tree.entries(directory))
    if found > MOST_AUTOMATIONS:
        yield Problem(
            f"there are {found:,} automations, and a registry or a collection has at most {MOST_AUTOMATIONS}",
            where=f"{directory}/",
            hint="each is held against every event there: let one of them start from several kinds",
        )


def _match_readable(_tree: Contents, path: str, _what: Identity, automation: Automation) -> Iterator[Problem]:
    from git_registry.model.conditions import condition  # few pushes change automations

    try:
        condition(automation.match)
    except UsageError as problem:
        yield Problem(problem.message, where=f"{path}: {problem.where}", hint=problem.hint)


def _templates_fillable(
    _tree: Contents, path: str, _what: Identity, automation: Automation
) -> Iterator[Problem]:
    from git_registry.model import templates  # few pushes change automations

    for place, template in automation.action.templates.items():
        for problem in templates.problems(template, f"action.{place}"):
            yield Problem(problem.message, where=f"{path}: {problem.where}", hint=problem.hint)


CHECKS: dict[Kind, tuple[Check, ...]] = {
    Kind.ORGANIZATION: (_named_apart, _mounts_addressed),
    Kind.ACCESS: (_gates_readable,),
    Kind.REGISTRY: (_named_as_nothing_else,),
    Kind.COLLECTION: (_accepted,),
    Kind.VERSION: (_named_by_digest, _in_its_collection),
    Kind.UNLINKED: (_named_by_digest,),
    Kind.NOTES: (_beside_a_manifest,),
    Kind.UNLINKED_NOTES: (_beside_a_manifest,),
    Kind.ALIAS: (_points_somewhere,),
    Kind.AUTOMATION: (_few_beside_it, _match_readable, _templates_fillable),
    Kind.RUN: (_in_its_project, _recorded_once),
}
"""What is asked of a readable document besides its own format; one more rule is one line."""
