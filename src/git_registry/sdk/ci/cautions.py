"""What whoever has pipelines written should know: of where they go, what they install, and what they lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from git_registry.automation.happening import Placed
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent
from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.automation import Action
from git_registry.sdk.ci.binding import Binding
from git_registry.sdk.ci.pipelines import PLACES, Pipeline, Setup
from git_registry.sdk.placed import automations_at

_PINNED = re.compile("@[0-9a-f]{40}(#|$)")
_NAMING = ("url_secret", "secret", "previous_secret", "token")
"""The fields of actions that name secrets."""

_KEPT = {
    "github": "secrets of the environment `registry`, which the default branch alone may use",
    "gitlab": "protected and masked variables of the project",
}


def of_files(setup: Setup, pipelines: tuple[Pipeline, ...]) -> Iterator[str]:
    """Yield what to know of where the files go, and of what they install and hold."""
    path = pipelines[0].path
    if setup.host == "github" and str(PurePosixPath(path).parent) != ".github/workflows":
        yield f"github does not look at {path}, only at files in .github/workflows"
    if setup.host == "gitlab":
        yield "a request that brings a pipeline of its own reads REGISTRY_TOKEN: keep it in another project"
    if setup.host == "gitlab" and path != PLACES["gitlab"]:
        yield f"gitlab reads {path} only if {PLACES['gitlab']} includes it, or the settings name it"
    if not setup.install.startswith("git+"):
        yield f"pip installs what its index has as {setup.install}: whoever puts it there is the judge"
    elif not _PINNED.search(setup.install):
        yield f"{setup.install} names no whole commit: who can change what it names changes the judge"
    if setup.secrets:
        names = ", ".join(sorted({one.name for one in setup.secrets}))
        yield f"make {names} {_KEPT[setup.host]}; others, whoever may push a branch can read"


def of_automations(catalog: Catalog, setup: Setup) -> Iterator[str]:
    """Yield what automations that are committed take and the files don't give, and what is given in vain."""
    tip = catalog.tip()
    standing = [one for one in automations_at(catalog, tip) if one.document.enabled] if tip else []
    if standing and not setup.automations:
        yield f"{setup.host} does not run {standing[0].path}, nor any automation, without --automations"
        return
    for one in standing:
        yield from _lacking(one, setup)
    for secret in setup.secrets:
        why = (_plain(secret), *_unknown(catalog, secret), _idle(secret, standing))
        yield from (f"--secret {secret.name}: {one}" for one in why if one)


def _plain(secret: Binding) -> str:
    target = Target.of(secret.url)
    if target.scheme == "https":
        return ""
    return (
        f"http: to {target.host} is read by anybody on the way: only what a runner's git config lets is sent"
    )


def _unknown(catalog: Catalog, secret: Binding) -> Iterator[str]:
    known = {*catalog.now().registries()} if catalog.tip() else set()
    return (f"there is no registry {one}" for one in secret.registries if known and one not in known)


def _idle(secret: Binding, standing: Iterable[Placed]) -> str:
    """Say that no automation which takes a secret sends to its URL; of some it is not known where they do."""
    actions = (one.document.action for one in standing if one.registry in secret.registries)
    urls = [_url(action) for action in actions if secret.name in action.secrets]
    if not urls or not all(urls) or any(_is_under(url, secret.url) for url in urls):
        return ""
    return f"no automation that takes it sends to {secret.url}"


def _url(action: Action) -> str:
    return action.webhook.url or "" if action.webhook else ""


def _is_under(url: str, prefix: str) -> bool:
    try:
        return Target.of(url).is_under(Target.of(prefix))
    except Unsent:
        return False


def _lacking(one: Placed, setup: Setup) -> Iterator[str]:
    kind, action = one.document.action.one
    if kind == "command":
        yield f"{one.path} runs a command of a server, and a pipeline has none"
    bound = {secret.name for secret in setup.secrets if one.registry in secret.registries}
    named = {name for field in _NAMING if (name := getattr(action, field, None))}
    for name in sorted(named - bound):
        yield f"{one.path} takes {name}: --secret {name}=URL,{one.registry} lets it"
