"""Installing hooks: where the host looks for them, with the settings of who is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from git_registry.errors import UsageError
from git_registry.policy.settings import ACCOUNTS, IDENTITY, RESCUE, known
from git_registry.repository import hooks
from git_registry.repository.hooks import Placed
from git_registry.repository.repository import Repository
from git_registry.sdk.serving import settings, shims
from git_registry.sdk.serving.beginning import missing
from git_registry.sdk.serving.ground import opened, require_own
from git_registry.sdk.serving.layouts import Layout, Wish, layout_of
from git_registry.sdk.serving.settings import Believed, Written
from git_registry.sdk.serving.whose import calls_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is to be installed.

    Attributes:
        layout: where the host looks for hooks; None to find out.
        believed: who is believed; a clone believes nobody.
        wish: what a person said of where hooks go.
    """

    layout: str | None = None
    believed: Believed = field(default_factory=Believed)
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One hook, and what became of it.

    Attributes:
        add: the line that the hook which is there needs; empty where ours stands, or is called already.
    """

    name: str
    place: Path
    placed: Placed
    add: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What was done.

    Attributes:
        then: what is left to a person.
        notes: what a person should know, and may be as it should be.
    """

    layout: str
    hooks: Sequence[Hook]
    settings: Sequence[Written]
    then: Sequence[str]
    notes: Sequence[str] = ()

    @property
    def is_complete(self) -> bool:
        """Does every hook run ours?"""
        return not any(hook.add for hook in self.hooks)


def install(path: Path, wanted: Installation) -> Installed:
    """Put hooks where the host of a repository looks for them, and write who is believed; again is nothing.

    No hook is replaced but an older one of ours, and no recommended setting that is there. The settings come
    first: a hook that knows nobody refuses everybody.

    Raises:
        UsageError: nobody says who pushes, or where hooks go; or what is said does not go with what is there.
        NotFound: there is no repository.
        Refused: we are root, and what would be written is not where its owner may write.
    """
    repository = opened(path)
    layout = layout_of(repository, wanted.layout, wanted.wish)
    _require_own_places(repository, layout, wanted.wish)
    written: list[Written] = []
    if layout.name != "clone":
        _require_possible(repository, wanted.believed)
        written += settings.believe(repository, wanted.believed)
        written += settings.recommend(repository, repository.config(IDENTITY))
    elif wanted.believed != Believed():
        raise UsageError(
            "a clone believes nobody: its hooks are advice", hint="name the repository it pushes to"
        )
    placed = [_put(layout, name, place) for name, place in layout.places.items()]
    return Installed(
        layout=layout.name,
        hooks=placed,
        settings=written,
        then=layout.then,
        notes=list(_notes(repository, written)) if layout.name != "clone" else (),
    )


def _notes(repository: Repository, written: Sequence[Written]) -> Iterator[str]:
    for one in written:
        if one.key == RESCUE and one.gone:
            yield f"{' '.join(one.gone)} may rescue no more: --rescue names all who may"
    yield from missing(repository)


def _require_own_places(repository: Repository, layout: Layout, wish: Wish) -> None:
    """Refuse to follow an owner's links and settings to where that owner may not write."""
    require_own(repository, repository.common_dir / "config")
    if wish.into is None:
        for place in layout.places.values():
            require_own(repository, place, ", or name the directory, if it is meant: --into DIRECTORY")


def _require_possible(repository: Repository, believed: Believed) -> None:
    """Refuse what makes the hook refuse every push, with what is said and what is there already."""
    identity = believed.identity if believed.identity is not None else repository.config(IDENTITY)
    if identity is None:
        raise UsageError(
            "who says who pushes?",
            where=str(repository.common_dir),
            hint=f"--identity, one of {known()}",
        )
    Believed(identity=identity, accounts=believed.accounts or repository.config(ACCOUNTS))


def _put(layout: Layout, name: str, place: Path) -> Hook:
    script = shims.script(name, advice=layout.name == "clone", shared=layout.shared)
    placed = hooks.put_at(place, script, mark=shims.MARK)
    taken = placed is Placed.TAKEN and not calls_ours(place, name)
    return Hook(name=name, place=place, placed=placed, add=shims.call(name) if taken else "")
