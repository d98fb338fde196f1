"""What automations of a pipeline may use a secret for, as a file says it that everybody may read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent
from git_registry.errors import UsageError
from git_registry.model.documents.automation import SECRET
from git_registry.model.names import PLACE

_PREFIX = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+(/[A-Za-z0-9._~%+=@:/-]*)?")
"""What means nothing to a shell, to YAML and to a host's expressions; the comma is ours."""

_SHAPE = "REG_WH_DEPLOY=https://deploy.acme.example/,model: a name, a URL, registries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A secret, where it may be sent, and which registries' automations may have that done.

    Attributes:
        url: a prefix; what is there or below.
        registries: at least one.
    """

    name: str
    url: str
    registries: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Binding:
        """Read `NAME=URL,REGISTRY…`.

        Raises:
            UsageError: it is something else. No message holds it, for it may be the secret itself.
        """
        name, _, rest = text.partition("=")
        url, *registries = rest.split(",")
        if SECRET.problem(name):
            raise UsageError(f"expected {SECRET.what}", where="--secret", hint=_SHAPE)
        where = f"--secret {name}"
        _check_url(url, where)
        if not registries or any(map(PLACE.problem, registries)):
            raise UsageError("which registries may use it is not said", where=where, hint=_SHAPE)
        return cls(name=name, url=url, registries=tuple(registries))

    def __str__(self) -> str:
        return f"{self.name}={','.join((self.url, *self.registries))}"

    @property
    def settings(self) -> tuple[str, ...]:
        """Return the commands that have git's configuration of the clone say it, as a shell takes them."""
        said = f"git -C registry.git config --add registrySecret.{self.name}"
        registries = (f"{said}.registry '{registry}'" for registry in self.registries)
        return f"{said}.url '{self.url}'", *registries


def require_told_apart(bindings: Iterable[Binding]) -> None:
    """Check that a secret which may go to several places may do so for the same registries.

    Raises:
        UsageError: it may not. Settings hold its URLs and its registries, not which go together.
    """
    known: dict[str, set[str]] = {}
    for one in bindings:
        if known.setdefault(one.name, {*one.registries}) != {*one.registries}:
            raise UsageError(
                "each registry that may use it could have it sent to all of its URLs",
                where=f"--secret {one.name}",
                hint="take two secrets, or name the same registries with each URL",
            )


def _check_url(url: str, where: str) -> None:
    try:
        target = Target.of(url)
    except Unsent as problem:
        raise UsageError(f"where it may be sent: {problem.message}", where=where, hint=_SHAPE) from None
    if target.query or not _PREFIX.fullmatch(url):
        raise UsageError(
            "where it may be sent can't stand in a pipeline",
            where=where,
            hint="a shorter prefix: letters, digits and . _ ~ % + = @ : / - alone do",
        )
