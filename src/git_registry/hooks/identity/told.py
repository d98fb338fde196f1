"""What a host tells a hook, read with suspicion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from git_registry.errors import Refused
from git_registry.model.names import PRINCIPAL
from git_registry.policy.account import Account

_LONGEST_NUMBER = 18


class Told(NamedTuple):
    """The environment and the arguments that a host runs a hook with.

    No error repeats a value: one that is no name may be a password that landed in the wrong variable, and
    what a client chose may steer the terminal that shows it.

    Attributes:
        setting: the adapter as the server's git config names it.
        given: does the server's admin hand out the names of accounts?
    """

    setting: str
    environ: Mapping[str, str]
    arguments: Sequence[str] = ()
    given: bool = False

    def text(self, variable: str) -> str:
        """Return what a variable holds; empty if it isn't set."""
        return self.environ.get(variable, "")

    def need(self, variable: str, hint: str = "") -> str:
        """Return what a variable holds.

        Raises:
            Refused: it isn't set, or empty.
        """
        text = self.text(variable)
        if not text:
            raise self.refusal(f"the host does not set {variable}", hint)
        return text

    def not_by_sshd(self) -> None:
        """Make sure that no sshd ran the hook: what it takes by AcceptEnv is whatever the client says.

        Raises:
            Refused: one did.
        """
        if self.text("SSH_CONNECTION"):
            raise self.refusal("this push came through sshd", "name an adapter for sshd or gitolite there")

    def number(self, variable: str) -> int:
        """Return the number a variable holds; 0 if it isn't set.

        Raises:
            Refused: it holds something else.
        """
        text = self.text(variable)
        if text and not is_number(text):
            raise self.refusal(f"{variable} holds no number")
        return int(text or "0")

    def account(self, variable: str, host: str = "") -> Account:
        """Return the account whose name a variable holds.

        Raises:
            Refused: it isn't set, or holds what can't be a principal's name.
        """
        return self.named(variable, self.need(variable), host)

    def person(self, variable: str, host: str) -> Account:
        """Return the account whose name a variable holds, on a host where `+` is in no person's name.

        Keys and programs have it in theirs here, so that nobody can be called like one.

        Raises:
            Refused: as `account`, or there is a `+` in it.
        """
        if "+" in self.text(variable):
            raise self.refusal(f"what {variable} holds is no name of a person there")
        return self.account(variable, host)

    def named(self, source: str, name: str, host: str = "") -> Account:
        """Return the account of that name, which was found in `source`; raise as `account` does."""
        if PRINCIPAL.problem(f"user:{name}"):
            raise self.refusal(
                f"what {source} holds is no name that a principal can have",
                "it has 1 to 64 letters, digits, '.', '_', '@', '+' and '-', a letter or digit first",
            )
        return Account(host=host, name=name, given=self.given)

    def refusal(self, problem: str, hint: str = "") -> Refused:
        """Return the error that says why nobody knows who pushes."""
        return Refused(
            f"nobody can tell who pushes: {problem}",
            where=f"registry.identity {self.setting!r}",
            hint=hint or "the server's admin sets registry.identity in this repository's git config there",
        )


def is_number(text: str) -> bool:
    """Is it a number of ASCII digits, and not absurdly long?"""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
