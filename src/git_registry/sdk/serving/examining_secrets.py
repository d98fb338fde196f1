"""Has a server what its automations name: secrets that are bound and have a value, and commands?"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping

from git_registry.automation.happening import Placed
from git_registry.automation.server import NETWORK, SECRETS_FILE, Bound, Server
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent
from git_registry.model.documents.automation import Slack, Webhook
from git_registry.sdk.serving.examining_automations import standing
from git_registry.sdk.serving.ground import name_of, owner_of
from git_registry.sdk.serving.symptom import Examined, Symptom, advice, note

_UNSENT = "what that starts is not sent"


def secret_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what automations at the tip name and the server does not have; no value is told."""
    automations = standing(seen)
    if not automations:
        return
    server = Server.read(seen.repository, account=owner_of(seen.repository))
    for problem in server.unread:
        mend = f"correct it: git -C {seen.path} config --edit"
        yield advice(NETWORK, problem, "it lets nothing in", mend)
    if server.trouble:
        yield _unreadable(seen, server)
    for (name, registry), path in _named(automations).items():
        yield from _of_secret(seen, server, name, registry, path)
    for one in automations:
        yield from _uncovered(seen, server, one)
        yield from _of_command(seen, server, one)


def _unreadable(seen: Examined, server: Server) -> Symptom:
    file, owner = seen.repository.config(SECRETS_FILE), name_of(owner_of(seen.repository))
    if server.trouble.endswith(os.strerror(errno.ENOENT)):
        mend = (
            f"write {file}, a line NAME=value each, or say where it is: {seen.config(SECRETS_FILE, 'FILE')}"
        )
    else:
        mend = f"let it belong to {owner}, and to nobody else: chown {owner} {file} && chmod 600 {file}"
    return advice(SECRETS_FILE, server.trouble, "no secret has a value, so nothing is signed or sent", mend)


def _named(automations: Iterable[Placed]) -> Mapping[tuple[str, str], str]:
    """Return which automation names a secret in a registry; of several, the first."""
    found: dict[tuple[str, str], str] = {}
    for one in automations:
        for name in one.document.action.secrets:
            found.setdefault((name, one.registry), _path(one))
    return found


def _path(one: Placed) -> str:
    return one.path.removesuffix(".yaml")


def _of_secret(seen: Examined, server: Server, name: str, registry: str, path: str) -> Iterator[Symptom]:
    bound = server.secrets.get(name, Bound())
    said, mend = f"registrySecret.{name}", []
    if not bound.urls:
        mend.append(seen.config("--add", f"{said}.url", "URL"))
    if registry not in bound.registries:
        mend.append(seen.config("--add", f"{said}.registry", registry))
    if mend:
        why = f"{registry} may not use it" if bound.urls else "it may be sent nowhere"
        why = why if name in server.secrets else "it is not bound here"
        yield advice(name, f"{path} names it, and {why}", _UNSENT, " && ".join(mend))
    elif not server.values.get(name) and not server.trouble:
        yield _without_value(seen, name, path)


def _uncovered(seen: Examined, server: Server, one: Placed) -> Iterator[Symptom]:
    """Yield the secrets that may be sent somewhere, and not to where an automation sends them."""
    url = _url(server, one)
    for name in one.document.action.secrets if url else ():
        bound = server.secrets.get(name, Bound())
        if bound.urls and not _covers(bound, url):
            said = f"registrySecret.{name}.url"
            found = f"{_path(one)} sends it to what is not below any {said}"
            yield advice(name, found, _UNSENT, f"if it may go there: {seen.config('--add', said, 'URL')}")


def _url(server: Server, one: Placed) -> str:
    """Return where an automation sends, if it says a whole URL, or has one that is a secret."""
    match one.document.action.one[1]:
        case (Webhook() | Slack()) as action:
            return getattr(action, "url", None) or server.values.get(action.url_secret or "", "")
    return ""


def _covers(bound: Bound, url: str) -> bool:
    try:
        target = Target.of(url)
        return any(target.is_under(Target.of(prefix)) for prefix in bound.urls)
    except Unsent:
        return False  # what can't be read is sent nowhere


def _without_value(seen: Examined, name: str, path: str) -> Symptom:
    file = seen.repository.config(SECRETS_FILE)
    if file is None:
        why = f"{path} names it, and whoever runs the hooks may have it"
        return note(name, "it is not in the environment here", why)
    return advice(name, f"{path} names it, and it has no value", _UNSENT, f"a line {name}=… in {file}")


def _of_command(seen: Examined, server: Server, one: Placed) -> Iterator[Symptom]:
    command = one.document.action.command
    if command is None:
        return
    allowed, said = server.commands.get(command.name), f"registryCommand.{command.name}"
    if allowed is None:
        why, mend = "the server has no such command", seen.config(f"{said}.run", "PROGRAM")
    elif allowed.trouble:
        why, mend = allowed.trouble, seen.config(f"{said}.run", "PROGRAM")
    elif one.registry not in allowed.registries:
        why, mend = f"{one.registry} may not run it", seen.config("--add", f"{said}.registry", one.registry)
    else:
        return
    yield advice(f"command {command.name}", f"{_path(one)} names it, and {why}", _UNSENT, mend)
