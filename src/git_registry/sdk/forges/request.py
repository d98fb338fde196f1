"""A pull or merge request: what is asked for, and what became of that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from git_registry.errors import RegistryError

_BEGIN, _END = "<!-- git-registry request -->", "<!-- /git-registry request -->"
"""What stands between is ours to replace. No text of others' holds them: they are comments, and escaped."""

DRAFTS = ("Draft: ", "WIP: ")
"""What a title begins with of a request that is not to be merged yet: on GitLab, on Gitea."""


class Unopened(RegistryError):
    """A forge, or its tool, did not do what it was asked; the proposal is none the worse for it."""

    kind = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for.

    Attributes:
        branch: the proposal's, `proposals/bob/promote-churn`.
        base: the default branch, `main`.
        title: a line.
        body: Markdown that says what it does.
        line: the same in one line, for where there is room for no more.
        draft: is it not to be merged yet?
        former: the title that it was given when the proposal was at another commit; empty if there was none.
    """

    branch: str
    base: str
    title: str
    body: str
    line: str
    draft: bool = False
    former: str = ""

    @property
    def marked(self) -> str:
        """Return the body, to be found again in what people write around it."""
        return f"{_BEGIN}\n{self.body.strip()}\n{_END}"

    def titled(self, written: str) -> str:
        """Return what a request is called, brought up to date if nobody called it otherwise."""
        before = written.removesuffix(self.former)
        ours = self.former and written.endswith(self.former) and before in ("", *DRAFTS)
        return f"{before}{self.title}" if ours else written

    def within(self, written: str) -> str:
        """Return what a request says, with the body brought up to date; what people wrote there stays."""
        before, begin, rest = written.partition(_BEGIN)
        _, end, after = rest.partition(_END)
        if begin and end:
            return f"{before}{self.marked}{after}"
        return f"{written.rstrip()}\n\n{self.marked}".lstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A request that is open already.

    Attributes:
        number: what the forge calls it.
        url: where people see it.
        title: what it is called.
        body: what it says.
    """

    number: int
    url: str
    title: str
    body: str

    @classmethod
    def told(cls, *, number: object, url: object, title: object, body: object) -> Existing:
        """Return a request as a forge tells of it; raise `TypeError` if a forge never would.

        The number becomes part of a URL, and all of it arguments of a tool.
        """
        if type(number) is not int or number < 1:
            raise TypeError("a request's number is none")
        return cls(number=number, url=address(url), title=_text(title), body=_text(body or ""))


def address(told: object) -> str:
    """Return where a request is, as a forge tells it; raise `TypeError` for what no browser takes."""
    if not isinstance(told, str) or not re.fullmatch(r"https?://[!-~]+", told):
        raise TypeError("a request's address is none")
    return told


def url_in(text: str) -> str | None:
    """Return the last URL in what a tool, or a server, said."""
    found = re.findall(r"https?://[!#-&(-;=?-~]+", text)
    return found[-1] if found else None


def _text(told: object) -> str:
    """Return a text that can be sent back as it is; neither a tool nor an API takes any other."""
    if not isinstance(told, str) or "\0" in told or any("\ud800" <= letter <= "\udfff" for letter in told):
        raise TypeError("a request's text is none")
    return told


class How(StrEnum):
    """What became of a request."""

    OPENED = "opened"
    UPDATED = "updated"
    BY_HAND = "by-hand"
    """It is opened at a URL, by whoever proposes."""
    BY_MAIL = "by-mail"
    """There is no forge: a text is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of a request.

    Attributes:
        how: whether it is open, or how to open it.
        noun: what the forge calls it: `pull request`.
        url: where it is, or is opened; None where there is no such place, or nobody said it.
        command: what to run to see the text again; None where there is none.
        text: what to send; None where a forge is asked.
        problem: why it had to be left to people; empty if nothing went wrong.
    """

    how: How
    noun: str
    url: str | None = None
    command: str | None = None
    text: str | None = None
    problem: str = ""
