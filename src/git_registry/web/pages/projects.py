"""All projects: what each is for, how much is in it, when something was last logged."""

from __future__ import annotations

from git_registry.sdk import projecting
from git_registry.web.addresses import PROJECTS
from git_registry.web.page import Crumb, Page
from git_registry.web.site import Site


def page(site: Site) -> Page:
    """Return the page of all projects that are here, as of the moment that is read."""
    return Page(
        template="projects.html",
        title="Projects",
        crumbs=(Crumb("Projects", PROJECTS),),
        values={"projects": projecting.projects(site.catalog)},
        section="projects",
    )
