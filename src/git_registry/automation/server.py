"""What a server's admin says in its git config: which secrets and commands there are, and who may use them.

A registry's admins write automations; what of the server those may use is not theirs to say.

    registrySecret.<NAME>.url         * a prefix: the secret may be sent to what is there, or below
    registrySecret.<NAME>.registry    * a registry whose automations may use it
    registryCommand.<name>.run          a program and its arguments; no shell reads them
    registryCommand.<name>.registry   * a registry whose automations may run it
    registryCommand.<name>.seconds      how long it may run
    registry.allowNetwork             * a network that is not public, and may be sent to, by http: as well
    registry.secretsFile                where the secrets' values are; else they are in the environment

What has a star may be there many times.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from git_registry.automation import secrets_file
from git_registry.automation.addresses import Network
from git_registry.automation.scrubbing import SHORTEST
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent
from git_registry.repository.repository import Repository

SECRET, COMMAND = "registrysecret", "registrycommand"  # as Git lists a section
NETWORK = "registry.allowNetwork"
SECRETS_FILE = "registry.secretsFile"

_USUALLY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Where a secret may be sent, and which registries' automations may have that done."""

    urls: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A command, for how long it may run, and which registries' automations may run it.

    Attributes:
        trouble: why it can't be read, and so is not run; empty if it can.
    """

    run: tuple[str, ...]
    seconds: float = _USUALLY
    registries: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What automations may use of a server.

    Attributes:
        directory: the repository's, in which commands run.
        values: of the secrets that are bound, by name.
        trouble: why the values can't be read; empty if they can.
        unread: what is said of networks and can't be read, and so lets nothing in.
    """

    directory: Path
    secrets: Mapping[str, Bound] = field(default_factory=dict)
    commands: Mapping[str, Allowed] = field(default_factory=dict)
    networks: tuple[Network, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    trouble: str = ""
    unread: tuple[str, ...] = ()

    @classmethod
    def read(
        cls, repository: Repository, environ: Mapping[str, str] = os.environ, *, account: int | None = None
    ) -> Server:
        """Read what a server's admin says. What can't be read allows nothing, and keeps nothing else from it.

        Args:
            repository: the server's.
            environ: where the secrets' values are, unless they are in a file.
            account: the id of the account that sends, if it is not this one.
        """
        bound = {name: _bound(repository, name) for name in _names(repository, SECRET)}
        values, trouble = _values(repository, environ, account)
        networks = {text: _network(text) for text in repository.config_all(NETWORK)}
        return cls(
            directory=repository.gitdir.absolute(),
            secrets=bound,
            commands={name: _allowed(repository, name) for name in _names(repository, COMMAND)},
            networks=tuple(one for one in networks.values() if one),
            # What nobody bound is never looked at: else automations could ask for any variable.
            values={name: values[name] for name in bound if name in values},
            trouble=trouble,
            unread=tuple(_no_network(text) for text, one in networks.items() if one is None),
        )

    def secret(self, name: str, *, registry: str, url: str) -> str:
        """Return a secret's value, for an automation of a registry to send it to a URL.

        Raises:
            Unsent: that is not allowed, or there is no value. The message does not hold it.
        """
        self._check_registry(name, registry)
        target, prefixes = Target.of(url), self._prefixes(name)
        if not prefixes:
            raise Unsent(f"{name} may be sent nowhere: the server's admin sets registrySecret.{name}.url")
        if not any(target.is_under(prefix) for prefix in prefixes):
            raise Unsent(
                f"{name} may not be sent there: the server's admin has no registrySecret.{name}.url above it"
            )
        return self._value(name)

    def secret_url(self, name: str, *, registry: str) -> str:
        """Return the URL that is a secret; it must itself be where that may be sent.

        Raises:
            Unsent: as `secret` does.
        """
        self._check_registry(name, registry)
        return self.secret(name, registry=registry, url=self._value(name))

    def command(self, name: str, *, registry: str) -> Allowed:
        """Return a command for an automation of a registry.

        Raises:
            Unsent: there is none of that name, or the registry may not run it.
        """
        allowed = self.commands.get(name)
        if allowed is None:
            raise Unsent(
                f"the server has no command {name}: its admin sets registryCommand.{name}.run, and "
                f"registryCommand.{name}.registry to {registry}"
            )
        if registry not in allowed.registries:
            raise Unsent(
                f"{registry} may not run the command {name}: the server's admin adds it to "
                f"registryCommand.{name}.registry"
            )
        if allowed.trouble:
            raise Unsent(allowed.trouble)
        return allowed

    def _check_registry(self, name: str, registry: str) -> None:
        bound = self.secrets.get(name)
        if bound is None:
            raise Unsent(
                f"the server has no secret {name}: its admin sets registrySecret.{name}.url to where it may "
                f"go, and registrySecret.{name}.registry to {registry}"
            )
        if registry not in bound.registries:
            raise Unsent(
                f"{registry} may not use {name}: the server's admin adds it to registrySecret.{name}.registry"
            )

    def _prefixes(self, name: str) -> list[Target]:
        try:
            return [Target.of(url) for url in self.secrets[name].urls]
        except Unsent as problem:
            raise Unsent(f"registrySecret.{name}.url: {problem.message}") from None

    def _value(self, name: str) -> str:
        value = self.values.get(name, "")
        if not value:
            raise Unsent(self.trouble or f"{name} is not set on the server")
        if len(value) < SHORTEST:
            raise Unsent(f"{name} is too short: anybody would guess it")
        return value


def _names(repository: Repository, section: str) -> list[str]:
    """Return the names that a section of the config has something about, in their own letters."""
    prefix = f"{section}."
    keys = (key for key in repository.config_keys() if key.startswith(prefix) and key.count(".") > 1)
    return list(dict.fromkeys(key.removeprefix(prefix).rpartition(".")[0] for key in keys))


def _bound(repository: Repository, name: str) -> Bound:
    said = f"{SECRET}.{name}"
    return Bound(
        urls=repository.config_all(f"{said}.url"), registries=repository.config_all(f"{said}.registry")
    )


def _allowed(repository: Repository, name: str) -> Allowed:
    said = f"{COMMAND}.{name}"
    registries = repository.config_all(f"{said}.registry")
    try:
        run = _words(repository.config(f"{said}.run") or "")
        seconds = _seconds(repository.config(f"{said}.seconds") or f"{_USUALLY}")
    except ValueError as problem:
        return Allowed(run=(), registries=registries, trouble=f"registryCommand.{name}{problem}")
    return Allowed(run=run, seconds=seconds, registries=registries)


def _words(text: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        raise ValueError(".run: expected a program and its arguments, found a quote without end") from None
    if not words:
        raise ValueError(".run: expected a program and its arguments, found nothing")
    return words


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise ValueError(f".seconds: expected a number such as {_USUALLY}, found {text!r}")
    return int(text)


def _network(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def _no_network(text: str) -> str:
    """Say what would be right: of 10.20.1.1/16, the network that it is an address in."""
    try:
        right = ip_network(text, strict=False)
    except ValueError:
        right = ip_network("10.20.0.0/16")
    return f"expected a network such as {right}, found {text!r}"


def _values(
    repository: Repository, environ: Mapping[str, str], account: int | None
) -> tuple[Mapping[str, str], str]:
    file = repository.config(SECRETS_FILE)
    if file is None:
        return environ, ""
    try:
        return secrets_file.read(repository.gitdir / Path(file).expanduser(), account), ""
    except Unsent as problem:
        return {}, problem.message
