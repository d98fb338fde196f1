"""What is judged by: the policy documents at one commit, read once and only as far as they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from git_registry.errors import NotFound, RegistryError
from git_registry.model.documents.access import Access, Gate
from git_registry.model.documents.organization import Organization
from git_registry.model.snapshot import Snapshot


class Rules:
    """The policy documents of the default branch as they were when a push, or a check, began (DESIGN §5).

    One value judges all refs and steps of a push. What can't be read closes what it rules: an access
    document its registry, `organization.yaml` everything.

    Attributes:
        rescue: principals who may make the first push and mend an `organization.yaml` that can't be read;
            the server's admin names them, and nothing in the repository does.
    """

    __slots__ = ("_access", "_organization", "_registries", "_remembered", "_snapshot", "rescue")

    def __init__(self, snapshot: Snapshot | None, *, rescue: frozenset[str] = frozenset()) -> None:
        """Take the snapshot whose documents rule; None if there is no commit yet.

        Its tree has to read policy documents strictly: a field nobody knows may be one that forbids.
        """
        self._snapshot = snapshot
        self._organization: Organization | RegistryError | None = None
        self._access: dict[str, Access | RegistryError] = {}
        self._registries: tuple[str, ...] | None = None
        self._remembered: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.rescue = rescue

    def organization(self) -> Organization:
        """Return who we are.

        Raises:
            NotFound: there is no commit yet, or none that holds an organization.
            InvalidDocument: it can't be read.
        """
        if self._organization is None:
            try:
                self._organization = self._read_organization()
            except RegistryError as problem:
                self._organization = problem
        if isinstance(self._organization, RegistryError):
            raise self._organization
        return self._organization

    def _read_organization(self) -> Organization:
        if self._snapshot is None:
            raise NotFound("there is no organization yet")
        return self._snapshot.organization()

    def access(self, registry: str) -> Access:
        """Return who may do what in a registry; the empty document if it has none, or isn't there.

        Raises:
            InvalidDocument: it can't be read, so the registry is closed.
        """
        if registry not in self._access:
            try:
                self._access[registry] = self._snapshot.access(registry) if self._snapshot else Access()
            except RegistryError as problem:
                self._access[registry] = problem
        found = self._access[registry]
        if isinstance(found, RegistryError):
            raise found
        return found

    def has_registry(self, registry: str) -> bool:
        """Is there such a registry by these rules?"""
        return registry in self.registries()

    def registries(self) -> tuple[str, ...]:
        """Return the names of all registries by these rules, sorted."""
        if self._registries is None:
            self._registries = tuple(self._snapshot.registries()) if self._snapshot else ()
        return self._registries

    def closing(self, registry: str) -> RegistryError | None:
        """Return why a registry is closed, or None if it isn't, or if there is none."""
        if not registry or not self.has_registry(registry):
            return None
        try:
            self.access(registry)
        except RegistryError as problem:
            return problem
        return None

    def readable(self) -> Iterator[tuple[str, Access]]:
        """Yield every registry with its access document, without those whose can't be read."""
        for name in self.registries():
            try:
                yield name, self.access(name)
            except RegistryError:
                continue  # it is closed: nobody's rights follow from it

    def project(self, name: str) -> Mapping[str, str] | None:
        """Return principal → role of a project, or None if nobody listed it; raise as `organization` does."""
        return self.organization().project(name)

    def protects(self, registry: str, alias: str) -> bool:
        """Is an alias protected, whatever its case? It is if that can't be told."""
        try:
            return bool(self.access(registry).protection(alias))
        except RegistryError:
            return True

    def gates(self, registry: str, alias: str) -> tuple[Gate, ...]:
        """Return the gates of an alias, whatever its case; raise as `access` does."""
        return tuple(gate for one in self.access(registry).protection(alias).values() for gate in one.gates)

    def remembered(self, asked: tuple[str, ...], answer: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Return an answer that follows from these rules alone, found when it is first asked for."""
        if asked not in self._remembered:
            self._remembered[asked] = answer()
        return self._remembered[asked]
