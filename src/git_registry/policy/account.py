"""Whom a host has authenticated, before anybody asks who that is here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a host says of who is there. Which principal that is, `identities` decide.

    Attributes:
        host: the field of an identity that holds such names: github, gitlab, gitea, bitbucket or gerrit.
            Empty where the server's admin hands out the names, and where only a key is known.
        name: as the host spells it, by the rule of a principal's name; empty if only a key is known.
        key: the fingerprint of an ssh key, `SHA256:…`; empty if the host does not tell it.
        given: does the server's admin hand out the names? Then one that no identity names is
            `user:<name>`. Else anybody may have signed up as that, so it is `<host>:<name>`.
    """

    host: str = ""
    name: str = ""
    key: str = ""
    given: bool = False

    def __str__(self) -> str:
        name = f"{self.host}:{self.name}" if self.host else f"the account {self.name}"
        return name if self.name else f"the key {self.key}"
