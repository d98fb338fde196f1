"""One kind of forge: how it is recognized, and what it can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from git_registry.repository.repository import Repository
from git_registry.sdk.forges.client import Client
from git_registry.sdk.forges.request import Asked, Request
from git_registry.sdk.forges.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """A proposal that is on the remote by now.

    Attributes:
        repository: the clone.
        remote: its name.
        commit: what the proposal is at.
        is_rewritten: was it at another commit before?
    """

    repository: Repository
    remote: str
    commit: str
    is_rewritten: bool


def _no_client(_site: Site, _environ: Mapping[str, str]) -> Client | None:
    return None


def _no_options(_request: Request) -> tuple[str, ...]:
    return ()


def _hears_nothing(_said: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """A kind of forge.

    Attributes:
        name: as `registry.forge` in git config has it.
        noun: what it calls a request.
        hosts: where it is known to be.
        naming: variables of the environment that name a host of this kind.
        compare: makes the URL at which a person opens one.
        client: what opens one by itself, if anything that could is here.
        options: the push options that ask for one, on the push of the proposal's branch.
        heard: finds in what the remote said to a push where the request is.
        push: asks for one by a push of its own.
    """

    name: str
    noun: str
    hosts: tuple[str, ...]
    naming: tuple[str, ...] = ()
    compare: Callable[[Site, Request], str]
    client: Callable[[Site, Mapping[str, str]], Client | None] = _no_client
    options: Callable[[Request], tuple[str, ...]] = _no_options
    heard: Callable[[str], str | None] = _hears_nothing
    push: Callable[[Pushing, Request], Asked] | None = None
