"""The part of the API that finds, creates, changes and deletes automations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.sdk import automating
from git_registry.sdk.automating import Spot
from git_registry.sdk.surface import naming, titles
from git_registry.sdk.surface.failures import NoSuchAutomation
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.reaching import Reaching

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.sdk.surface.automations.actions import SlackIntegration, WebhookIntegration
    from git_registry.sdk.surface.automations.automation import Automation
    from git_registry.sdk.surface.automations.composing import NewAutomation
    from git_registry.sdk.surface.workspace import Workspace

T = TypeVar("T")


class AutomationApi(Reaching):
    """Automations: what follows by itself from what happens in registries."""

    def automation(self, name: str, *, entity: str | None = None) -> Automation:
        """Return an automation by its name, or by its path where several have that.

        Raises:
            NotFound: no automation is called that; a `ValueError`, too.
            UsageError: several are, or it is another organization.
        """
        from git_registry.sdk.surface.automations.automation import load

        naming.check_entity(self.workspace, entity)
        try:
            return load(self.workspace, name if "/" in name else titles.directory(name))
        except NotFound as missing:
            raise NoSuchAutomation(missing.message, where=missing.where, hint=missing.hint) from None

    def automations(
        self,
        entity: str | None = None,
        *,
        name: str | None = None,
        per_page: int = 50,
        start: str | None = None,
    ) -> Pages[Automation]:
        """Return the automations of the organization, or those of one name. What can't be read is told.

        Raises:
            UsageError: it is another organization, or the cursor is none.
        """
        naming.check_entity(self.workspace, entity)
        called = titles.directory(name) if name else ""
        return Pages(_Automations(self.workspace, called), per_page=per_page, start=start)

    def create_automation(
        self, obj: NewAutomation, *, fetch_existing: bool = False, **kwargs: object
    ) -> Automation:
        """Create an automation; what else is handed in goes before what it says of itself.

        Args:
            obj: `event >> action`.
            fetch_existing: return the one that has its name, if there is one, instead of a `Conflict`.
            **kwargs: `name`, `description`, `enabled`, `event`, `scope`, `action`.

        Raises:
            Conflict: there is one of that name; a `ValueError`, too.
            InvalidDocument: it does not follow the format: a secret that is no name, an unknown field …
            NotFound: there is no such registry or collection.
            UsageError: it has no name, event or action, or does what nothing here does.
        """
        from git_registry.sdk.surface.automations.automation import load

        wanted = obj.with_values(kwargs)
        spot = self._spot(wanted)
        path = spot.file.removesuffix(".yaml")
        try:
            automating.create(self.workspace.catalog, spot.place, spot.name, wanted.written())
        except Conflict:
            if not fetch_existing:
                raise
        return load(self.workspace, path)

    def update_automation(
        self, obj: Automation, *, create_missing: bool = False, **kwargs: object
    ) -> Automation:
        """Write what was set of an automation; another name or scope moves it.

        Args:
            obj: it.
            create_missing: create it, if it isn't there any more, instead of `NotFound`.
            **kwargs: as for `create_automation`.

        Raises:
            Conflict: somebody changed it meanwhile, or another one has the name.
            InvalidDocument: it does not follow the format.
            NotFound: it isn't there any more.
        """
        from git_registry.sdk.surface.automations.automation import load

        wanted = obj.with_values(kwargs)
        catalog, spot, document = self.workspace.catalog, self._spot(wanted), wanted.written(obj.seen)
        try:
            automating.change(catalog, obj.id, seen=obj.seen, document=document, to=spot)
        except NotFound:
            if not create_missing:
                raise
            automating.create(catalog, spot.place, spot.name, document)
        written = load(self.workspace, spot.file.removesuffix(".yaml"))
        obj.keep_up(written)
        return written

    def delete_automation(self, obj: Automation | str) -> Literal[True]:
        """Delete an automation, given itself or by its id. What still waits to be sent for it is given up.

        Raises:
            NotFound: it isn't there.
        """
        automating.remove(self.workspace.catalog, obj if isinstance(obj, str) else obj.id)
        return True

    def integrations(
        self, entity: str | None = None, *, per_page: int = 50, start: str | None = None
    ) -> Iterator[WebhookIntegration | SlackIntegration]:
        """Return whom the organization's automations tell already: first webhooks, then channels of Slack.

        They come on one page. Of none it is told how a script names one.

        Raises:
            UsageError: it is another organization.
        """
        from git_registry.sdk.surface.automations.receivers import channels, webhooks

        del per_page, start
        return self._told(entity, webhooks, channels)

    def webhook_integrations(
        self, entity: str | None = None, *, per_page: int = 50, start: str | None = None
    ) -> Iterator[WebhookIntegration]:
        """Return the receivers of webhooks that automations tell already, each once, on one page.

        Raises:
            UsageError: it is another organization.
        """
        from git_registry.sdk.surface.automations.receivers import webhooks

        del per_page, start
        return self._told(entity, webhooks)

    def slack_integrations(
        self, *, entity: str | None = None, per_page: int = 50, start: str | None = None
    ) -> Iterator[SlackIntegration]:
        """Return the channels of Slack that automations tell already, each once, on one page.

        Raises:
            UsageError: it is another organization.
        """
        from git_registry.sdk.surface.automations.receivers import channels

        del per_page, start
        return self._told(entity, channels)

    def _told(self, entity: str | None, *kinds: Callable[[Catalog], Sequence[T]]) -> Iterator[T]:
        """Return the receivers of some kinds."""
        from git_registry.sdk.surface.automations.receivers import chosen

        naming.check_entity(self.workspace, entity)
        catalog = self.workspace.catalog
        return chosen(catalog, [one for receivers in kinds for one in receivers(catalog)])

    def _spot(self, obj: NewAutomation | Automation) -> Spot:
        from git_registry.sdk.surface.automations import scopes

        if not obj.name or obj.scope is None:
            raise UsageError("an automation has a name, an event and an action", hint="name='deploy'")
        return Spot(place=scopes.place(self.workspace, obj.scope), name=titles.directory(obj.name))


@dataclass(frozen=True, slots=True)
class _Automations:
    """All automations, or those of one name, in the order of their paths.

    Attributes:
        called: only of this name; empty for all.
    """

    workspace: Workspace
    called: str
    is_ordered_chain: bool = False

    def tip(self) -> str:
        """Return the commit that is read now; raise as `Workspace.tip` does."""
        return self.workspace.tip()

    def read(self, commit: str, offset: int, limit: int | None) -> Sequence[Automation | None]:
        """Return some of them as they are at a commit; None for one that can't be read, which is told."""
        catalog = self.workspace.catalog
        views = automating.automations(catalog.seen_from(catalog.branch, commit))
        wanted = [one for one in views if self.called in ("", one.name)]
        return [self._made(one) for one in wanted[offset : None if limit is None else offset + limit]]

    def _made(self, view: automating.AutomationView) -> Automation | None:
        from git_registry.sdk.surface.automations.automation import of

        try:
            return of(self.workspace, view)
        except UsageError as unreadable:
            self.workspace.catalog.notify(str(unreadable))
            return None

    def __str__(self) -> str:
        return "automations"
