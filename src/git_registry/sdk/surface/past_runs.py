"""The runs of a project, as a script iterates over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Self

from git_registry.catalog.catalog import Catalog
from git_registry.model import filters as conditions
from git_registry.model.documents.run import Run
from git_registry.model.filters import Filter, Order
from git_registry.model.filters.fields import Fields
from git_registry.sdk import projecting
from git_registry.sdk.surface.listing import Listing
from git_registry.sdk.surface.ordering import arranged
from git_registry.sdk.surface.paging import Pages
from git_registry.sdk.surface.past_run import PastRun
from git_registry.sdk.surface.workspace import Workspace

RUN = Fields(
    "a run",
    {
        "id": "text",
        "name": "text",
        "state": "text",
        "job_type": "text",
        "group": "text",
        "tags": "texts",
        "notes": "text",
        "created_at": "date",
        "ended_at": "date",
        "config": "tree",
        "summary": "tree",
        "summary_metrics": "tree",
    },
    {
        "display_name": "name",
        "displayName": "name",
        "jobType": "job_type",
        "tag": "tags",
        "createdAt": "created_at",
    },
)
"""What a filter may ask of a run."""

_WRITTEN = {"created_at": "started", "ended_at": "ended", "summary_metrics": "summary"}
"""What a run's document calls a field, where that is another word."""

_ORDERS = ("created_at", "ended_at", "name", "state", "id")
_TREES = ("config.", "summary.", "summary_metrics.")


class Runs(Pages[PastRun]):
    """Runs that pass a filter, by default the first started first."""

    @classmethod
    def of_project(
        cls,
        workspace: Workspace,
        project: str,
        filters: Mapping[str, object] | None = None,
        order: str | None = "+created_at",
        *,
        per_page: int = 50,
        start: str | None = None,
    ) -> Self:
        """Return the runs of one project.

        Raises:
            UsageError: the filter or the order can't be read.
        """
        wanted = conditions.parse(filters, RUN) if filters else None
        load = partial(_runs, workspace=workspace, project=project, wanted=wanted, order=_order(order))
        return cls(Listing(workspace=workspace, project=project, load=load), per_page=per_page, start=start)


def _order(text: str | None) -> Order | None:
    if not text:
        return None
    name = text.lstrip("+-")
    known = RUN.spellings.get(name, name)
    free = (known,) if known.startswith(_TREES) else ()
    return conditions.order(text.replace(name, known), (*_ORDERS, *free))


def _runs(
    there: Catalog, workspace: Workspace, project: str, wanted: Filter | None, order: Order | None
) -> Sequence[PastRun]:
    read = [(view.id, view.document) for view in projecting.runs(there, project) if view.document]
    found = arranged(read, _facts, wanted, order)
    return [PastRun(workspace, project, run, document) for run, document in found]


def _facts(one: tuple[str, Run]) -> Mapping[str, object]:
    identifier, run = one
    return {"id": identifier} | {
        field: getattr(run, _WRITTEN.get(field, field)) for field in RUN.kinds if field != "id"
    }
