"""What only the server knew of a push, and the one line of JSON that says it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from git_registry.errors import InvalidDocument
from git_registry.model.dates import parse_date, timestamp
from git_registry.policy.account import Account
from git_registry.repository.objects import is_id

FORMAT = 1
CERTAIN, PERHAPS = "certain", "perhaps"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moved:
    """Where one ref went, None for nowhere; of a deletion, `old` is what the client said."""

    ref: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What the server knew of a push.

    Attributes:
        at: when, by the server's clock.
        principal: who, by the rules as they were before; None if nobody could tell.
        adapter: `registry.identity` as it was set.
        account: whom the host had authenticated; None if it named nobody.
        merges: `certain` or `perhaps` if the host said that it was the merge of a request; else empty.
        refs: where refs went, the default branch first.
        omitted: how many more there were.
        rescued: did `registry.rescue` let it in, where no rules could? None in a line that does not say.
        forge: did the server's admin leave approvals to the forge? None in a line that does not say.
    """

    at: datetime
    principal: str | None
    adapter: str
    account: Account | None
    refs: tuple[Moved, ...]
    merges: str = ""
    omitted: int = 0
    rescued: bool | None = None
    forge: bool | None = None


def line(push: Push) -> str:
    """Return the push as one line; ASCII, whatever a ref is called."""
    return json.dumps(
        {
            "format": FORMAT,
            "time": timestamp(push.at),
            "principal": push.principal,
            "adapter": push.adapter,
            "account": asdict(push.account) if push.account else None,
            "merges": push.merges,
            "refs": [[moved.ref, moved.old, moved.new] for moved in push.refs],
            "omitted": push.omitted,
            "rescued": push.rescued,
            "forge": push.forge,
        }
    )


def parse(text: str) -> Push:
    """Return the push that a line says. Fields that are not known here are passed by.

    Raises:
        InvalidDocument: the server writes no such line.
    """
    try:
        said = _Said(json.loads(text))
    except (ValueError, RecursionError):
        raise InvalidDocument("it is not JSON") from None
    if said.get("format", int) != FORMAT:
        raise InvalidDocument(f"expected format {FORMAT}", where="format")
    return Push(
        at=said.moment("time"),
        principal=said.get_or_none("principal", str),
        adapter=said.get("adapter", str),
        account=_account(said),
        merges=said.get("merges", str),
        refs=tuple(map(_moved, said.get("refs", list))),
        omitted=said.get("omitted", int),
        rescued=said.get_or_none("rescued", bool),
        forge=said.get_or_none("forge", bool),
    )


class _Said:
    """An object of JSON that somebody else may have written."""

    def __init__(self, value: object) -> None:
        self._value = value if isinstance(value, dict) else {}

    def get(self, field: str, kind: type[T]) -> T:
        found = self._value.get(field)
        if type(found) is not kind:
            raise InvalidDocument(f"expected {kind.__name__}", where=field)
        return found

    def has(self, field: str) -> bool:
        return self._value.get(field) is not None

    def get_or_none(self, field: str, kind: type[T]) -> T | None:
        return self.get(field, kind) if self.has(field) else None

    def moment(self, field: str) -> datetime:
        found = parse_date(self.get(field, str))
        if found is None:
            raise InvalidDocument("expected a date", where=field)
        return found


def _account(said: _Said) -> Account | None:
    if not said.has("account"):
        return None
    inner = _Said(said.get("account", dict))
    host, name, key = (inner.get(field, str) for field in ("host", "name", "key"))
    return Account(host=host, name=name, key=key, given=inner.get("given", bool))


def _moved(value: object) -> Moved:
    match value:
        case [str(ref), str() | None as old, str() | None as new] if ref.startswith("refs/") and all(
            one is None or is_id(one) for one in (old, new)
        ):
            return Moved(ref, old, new)
    raise InvalidDocument("expected a ref, where it was and where it is", where="refs")
