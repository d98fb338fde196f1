"""Reading commands with plain arguments, answered before click is imported: they stand in scripts.

What is not plain, click parses and explains. Behind both is the same function in `cli.answers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.cli.session import Session

_ANY = 1_000

VERBS: Mapping[str, tuple[range, frozenset[str]]] = {
    "resolve": (range(1, 2), frozenset({"--path", "--at"})),
    "list": (range(2), frozenset({"--at"})),
    "show": (range(1, 2), frozenset({"--at"})),
    "history": (
        range(2),
        frozenset({"--alias", "--since", "--until", "--by", "--event", "--limit", "--at"}),
    ),
    "search": (range(_ANY), frozenset({"--filter", "--where", "--tag", "--alias", "--order", "--at"})),
}
"""Verb → how many words it takes, and its options that have a value."""


def answered(words: Sequence[str], session: Session) -> bool:
    """Answer, if the arguments are plain; else do nothing and return False.

    Raises:
        UsageError: an argument is no text. No word of these verbs names a file, so none may be just bytes.
    """
    rest = list(words)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "-C" and rest:
            session.directory = rest.pop(0)
        elif option == "--version" and not rest:
            session.print_version()
            return True
        elif option != "--json":
            return False
    if not rest or rest[0] not in VERBS:
        return False
    verb = rest.pop(0)
    for word in rest:
        _require_text(word)
    arguments = _plain(verb, rest)
    if arguments is None:
        return False
    positional, options = arguments
    session.at = options.pop("at", None)
    import_module(f"git_registry.cli.answers.{verb}").answer(session, *positional, **options)
    return True


def _require_text(word: str) -> None:
    try:
        word.encode()
    except UnicodeEncodeError:
        raise UsageError(f"expected UTF-8, found {word!a}") from None


def _plain(verb: str, words: list[str]) -> tuple[list[str], dict[str, str]] | None:
    counts, known = VERBS[verb]
    positional: list[str] = []
    options: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word in known and words and word not in options:
            options[word] = words.pop(0)
        elif word.startswith("-"):
            if word != "--json":
                return None
        else:
            positional.append(word)
    named = {option.lstrip("-"): value for option, value in options.items()}
    return (positional, named) if len(positional) in counts else None
