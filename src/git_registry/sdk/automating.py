"""Automations: which there are, and creating, changing, moving and removing one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import InvalidDocument, NotFound, RegistryError, UsageError
from git_registry.model import layout
from git_registry.model.documents.automation import Automation
from git_registry.model.edits import automation as edits
from git_registry.model.edits.change import Edit
from git_registry.model.layout import Kind
from git_registry.sdk import selecting
from git_registry.sdk.placed import read
from git_registry.sdk.placing import by_its_name
from git_registry.sdk.unstarted import doubts
from git_registry.sdk.views import named

_BETWEEN = "/automations/"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationView:
    """An automation as it stands on the branch.

    Attributes:
        file: where it is on its branch: `model/churn/automations/deploy.yaml`.
        path: what a person calls it: `model/churn/automations/deploy`.
        place: the registry or collection that it is about, `model/churn`.
        name: `deploy`.
        document: None if it can't be read; `problem` says why. Then it starts nothing.
    """

    file: str
    path: str
    place: str
    name: str
    document: Automation | None
    problem: str = ""

    @property
    def is_mounted(self) -> bool:
        """Is it in another repository, which sends for itself?"""
        return self.path != self.file.removesuffix(".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an automation is, or shall be.

    Attributes:
        place: the registry or collection, `model/churn`.
        name: `deploy`.
    """

    place: str
    name: str

    @property
    def file(self) -> str:
        """Return where its document is."""
        return layout.automation_path(self.place, self.name)


def names_file(path: str) -> bool:
    """Is it where an automation could be?"""
    return layout.identify(path).kind is Kind.AUTOMATION


def automations(catalog: Catalog, within: str = "") -> list[AutomationView]:
    """Return the automations of the organization, or of a registry or collection and what is in it.

    Raises:
        NotFound: there is no such registry or collection.
        UsageError: it is a project or a version.
    """
    if not within:
        shown = selecting.registries(catalog)
        return list(_views(shown, shown.now().places()))
    there, place = _place(catalog, within)
    now = there.now()
    below = [] if "/" in place else now.collections(place)
    return list(_views(there, [place, *below]))


def _views(catalog: Catalog, within: Iterable[str]) -> Iterator[AutomationView]:
    now = catalog.now()
    for place in within:
        for name in now.automation_names(place):
            yield _view(catalog, Spot(place=place, name=name))


def _view(catalog: Catalog, spot: Spot) -> AutomationView:
    document, problem = None, ""
    try:
        document = read(catalog.tree(catalog.tip()), spot.place, spot.name).document
    except InvalidDocument as unreadable:
        problem = str(unreadable)
    return AutomationView(
        file=spot.file,
        path=named(catalog, spot.file.removesuffix(".yaml")),
        place=spot.place,
        name=spot.name,
        document=document,
        problem=problem,
    )


def automation(catalog: Catalog, text: str) -> AutomationView:
    """Return the automation that a person calls by its path, or by its name alone.

    Raises:
        NotFound: there is none; the nearest is suggested.
        UsageError: several have that name.
    """
    there, spot = find(catalog, text)
    return _view(there, spot)


def find(catalog: Catalog, text: str) -> tuple[Catalog, Spot]:
    """Return where the automation is that a person calls so, and the repository that has it.

    Raises:
        NotFound: there is none; the nearest is suggested.
        UsageError: several have that name.
    """
    where, within, name = text.removesuffix(".yaml").rpartition(_BETWEEN)
    if not within:
        return _by_name(selecting.registries(catalog), text.removesuffix(".yaml"))
    there, place = _place(catalog, where)
    known = there.now().automation_names(place)
    if name not in known:
        raise _absent(named(there, f"{place}{_BETWEEN}{name}"), named(there, f"{place}{_BETWEEN}"), known)
    return there, Spot(place=place, name=name)


def _by_name(catalog: Catalog, name: str) -> tuple[Catalog, Spot]:
    known = [
        (place, one) for place in catalog.now().places() for one in catalog.now().automation_names(place)
    ]
    found = [Spot(place=place, name=one) for place, one in known if one == name]
    if len(found) > 1:
        paths = (one.file.removesuffix(".yaml") for one in found)
        raise UsageError(
            f"{len(found)} automations are called {name!r}", hint=f"say which: {' or '.join(paths)}"
        )
    if not found:
        raise _absent(name, "", [one for _, one in known])
    return catalog, found[0]


def _absent(text: str, begins: str, known: list[str]) -> NotFound:
    hint = selecting.nearest(text, [begins + one for one in known], within=begins)
    return NotFound(f"there is no automation {text!r}", hint=hint or "`git registry automation list`")


def _place(catalog: Catalog, text: str) -> tuple[Catalog, str]:
    """Return the registry or collection that is meant, and the repository that has it."""
    there, selector = selecting.place(catalog, text)
    if selector.project or selector.names_version:
        raise UsageError(
            f"expected a registry or a collection such as model/churn, found {text!r}",
            hint="automations follow what happens in registries: link there what runs made"
            if selector.project
            else "an alias is a part of `match`",
        )
    if selector.collection is None:
        return there, selector.registry
    return there, selecting.collection(there, selector)


def create(catalog: Catalog, place: str, name: str, document: Automation) -> Outcome:
    """Create an automation of a registry or collection. It runs once it is on the default branch.

    Raises:
        Conflict: there is one of that name.
        InvalidDocument: it does not follow the format.
        NotFound: there is no such registry or collection.
        UsageError: it may not be called that.
    """
    there, found = _place(catalog, place)
    step = partial(edits.create, place=found, name=name, automation=document)
    return _written(there, found, document, Transaction(edits=[step], message=f"Automate {found}: {name}"))


def put(catalog: Catalog, place: str, name: str, document: Automation) -> Outcome:
    """Create an automation, or let the one of that name say this; see `create` for what is raised."""
    there, found = _place(catalog, place)
    step = partial(edits.put, place=found, name=name, automation=document)
    return _written(there, found, document, Transaction(edits=[step], message=f"Automate {found}: {name}"))


def _written(catalog: Catalog, place: str, document: Automation, transaction: Transaction) -> Outcome:
    """Commit what an automation says, and tell why it may never start."""
    with by_its_name(catalog):
        done = commit(catalog, transaction)
    with suppress(RegistryError):  # it is written, whatever can't be said of it
        for said in doubts(catalog.now(), place, document):
            catalog.notify(said)
    return done


def change(
    catalog: Catalog, text: str, *, seen: Automation, document: Automation, to: Spot | None = None
) -> Outcome:
    """Change what an automation says, and where it stands. What goes where is one decision, never merged.

    Args:
        catalog: the clone.
        text: which.
        seen: what it said when it was read.
        document: what it shall say.
        to: where it shall stand, its place as a person names it; None leaves it there. What it sends from
            then on has other ids.

    Raises:
        Conflict: somebody changed it meanwhile, or there is another where it shall stand.
        InvalidDocument: it does not follow the format.
        NotFound: it isn't there any more, or there is no such place.
        UsageError: it would be in another repository.
    """
    there, spot = find(catalog, text)
    steps: list[Edit] = [partial(edits.change, path=spot.file, seen=seen, document=document)]
    moved = _within(catalog, there, to) if to else spot
    if moved != spot:
        steps.append(partial(edits.move, path=spot.file, place=moved.place, name=moved.name))
    subject = f"Change the automation {spot.name}"
    return _written(there, moved.place, document, Transaction(edits=steps, message=subject))


def _within(catalog: Catalog, there: Catalog, to: Spot) -> Spot:
    other, place = _place(catalog, to.place)
    if other.mount != there.mount:
        raise UsageError(f"{to.place} is in another repository", hint="create it there, and remove it here")
    return Spot(place=place, name=to.name)


def enable(catalog: Catalog, text: str) -> Outcome:
    """Let an automation start what it says, from then on; what happened meanwhile is not answered.

    Raises:
        InvalidDocument: it can't be read.
        NotFound: there is none.
    """
    return _switched(catalog, text, "Switch on", enabled=True)


def disable(catalog: Catalog, text: str) -> Outcome:
    """Let an automation start nothing, until it is enabled; what waits to be sent for it still is.

    Raises: as `enable` does.
    """
    return _switched(catalog, text, "Switch off", enabled=False)


def _switched(catalog: Catalog, text: str, words: str, *, enabled: bool) -> Outcome:
    there, spot = find(catalog, text)
    step = partial(edits.switch, path=spot.file, enabled=enabled)
    message = f"{words} the automation {spot.name} of {spot.place}"
    with by_its_name(there):
        return commit(there, Transaction(edits=[step], message=message))


def remove(catalog: Catalog, text: str) -> Outcome:
    """Remove an automation; what still waits to be sent for it is given up.

    Raises:
        NotFound: there is none.
    """
    there, spot = find(catalog, text)
    step = partial(edits.remove, path=spot.file)
    with by_its_name(there):
        return commit(there, Transaction(edits=[step], message=f"Automate {spot.place} no more: {spot.name}"))
