"""What people type as `key=value`, or put into a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from git_registry import codec
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.documents.record import Number, Value


def assigned(text: str, option: str = "") -> tuple[str, Value]:
    """Return the key and the value in `auc=0.93`.

    Raises:
        UsageError: there is no `=` in it, no key, or the value is none.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"expected key=value, found {text!r}", where=option)
    try:
        return key.strip(), codec.decode_value(value)
    except InvalidDocument as problem:
        raise UsageError(f"{text!r}: {problem.message}", where=option, hint=problem.hint) from None


def is_number(value: Value) -> bool:
    """Is it a number? `true` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def metric(key: str, value: Value, option: str = "--metric") -> Number:
    """Return `value` if it may be a metric's.

    Raises:
        UsageError: it is not a number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise UsageError(
        f"a metric is a number, and {key} is {value!r}", where=option, hint="use --metadata for it"
    )


def metrics(texts: Iterable[str]) -> dict[str, Number]:
    """Return the metrics given as `auc=0.93`."""
    pairs = (assigned(text, "--metric") for text in texts)
    return {key: metric(key, value) for key, value in pairs}


def metadata(texts: Iterable[str]) -> dict[str, Value]:
    """Return the metadata given as `key=value`, `@file` or a file's name; a later one wins."""
    found: dict[str, Value] = {}
    for text in texts:
        if text.startswith("@") or "=" not in text:
            found |= _from_file(text.removeprefix("@"))
        else:
            found |= [assigned(text, "--metadata")]
    return found


def _from_file(name: str) -> dict[str, Value]:
    return dict(codec.load_mapping(content(name), name))


def content(name: str) -> bytes:
    """Return the bytes of a file that the command line names.

    Raises:
        NotFound: it can't be read.
    """
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise NotFound(f"can't be read: {problem.strerror}", where=name) from None
