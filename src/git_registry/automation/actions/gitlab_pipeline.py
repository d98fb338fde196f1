"""A pipeline of a GitLab project, by its trigger token."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from git_registry.automation.happening import Happening, Placed
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.telling import told
from git_registry.model.documents.automation import GitlabPipeline
from git_registry.model.templates import fill, text

_API = "https://gitlab.com/api/v4"
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
_USUAL = {
    "REGISTRY_EVENT": "${event}",
    "REGISTRY_PATH": "${path}",
    "REGISTRY_ALIAS": "${alias}",
    "REGISTRY_VERSION": "${version}",
    "REGISTRY_SELECTOR": "${selector}",
    "REGISTRY_COMMIT": "${commit}",
    "REGISTRY_DELIVERY": "${delivery}",
}
"""What a pipeline is told by default."""


def prepare(action: GitlabPipeline, placed: Placed, happening: Happening, delivery: str) -> Outgoing:
    """Return the request: a form, which the token is put into when it is sent."""
    known = told(placed, happening, delivery)
    variables = {
        f"variables[{name}]": str(fill(template, known, _escaped))
        for name, template in (action.variables or _USUAL).items()
    }
    return Outgoing(
        url=f"{(action.api or _API).rstrip('/')}/projects/{quote(action.project, safe='')}/trigger/pipeline",
        body=urlencode({"ref": action.ref, **variables}, errors="replace"),
        headers=_HEADERS,
        form_token=action.token,
    )


def _escaped(value: object) -> str:
    # GitLab puts other variables, secret ones among them, into the places of `$NAME`; `$$` is a dollar.
    return text(value).replace("$", "$$")
