"""What a filter may ask of a registry, a collection, a version. One more field is one more line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from git_registry.errors import UsageError

Kind: TypeAlias = Literal["text", "texts", "number", "date", "place", "version", "tree", "numbers"]
"""What a field holds. A date is an instant, compared as such. A place begins with a registry's name, which
W&B writes with a prefix. A version is `v9`, a text without an order. A tree is a mapping: `metadata.a.b` is a
field in it. Numbers are a tree of nothing else."""

LONGEST = 200
"""Characters of a field's name: whoever holds facts against it looks at each part that it has."""

_WITHIN: Mapping[Kind, Kind] = {"tree": "tree", "numbers": "number"}
"""A tree → what its keys hold."""


class Field(NamedTuple):
    """A field by its canonical name."""

    name: str
    kind: Kind


class Fields(NamedTuple):
    """What may be asked of one kind of thing.

    Attributes:
        of: the thing, as an error names it.
        kinds: each field and what it holds.
        spellings: other names, W&B's or what people write, and the field they mean.
        within: a tree that every field is a key of, as in a gate's `metrics: {auc: …}`; empty for none.
    """

    of: str
    kinds: Mapping[str, Kind]
    spellings: Mapping[str, str] = MappingProxyType({})
    within: str = ""

    def find(self, name: str) -> Field:
        """Return the field that `name` means.

        Raises:
            UsageError: there is none, and the hint says which there are; or the name is too long.
        """
        if len(name) > LONGEST:
            raise UsageError(f"a field's name has at most {LONGEST} characters, found {len(name):,}")
        if self.within:
            name = f"{self.within}.{name}"
        name = self.spellings.get(name, name)
        if name in self.kinds:
            return Field(name, self.kinds[name])
        tree, _, key = name.partition(".")
        kind = _WITHIN.get(self.kinds.get(tree, "text"))
        if kind is None:
            raise UsageError(f"{self.of} has no field {name!r}", hint=self._known(name))
        if not all(key.split(".")):
            raise UsageError(f"{name!r} has an empty key", hint=f"write {tree}.<key>")
        return Field(name, kind)

    def _known(self, name: str) -> str:
        names = [f"{name}.{_KEY}" if kind in _WITHIN else name for name, kind in self.kinds.items()]
        guess = nearest(name.partition(".")[0], [*self.kinds, *self.spellings]) or as_key(name, names)
        return f"{guess}fields: {' '.join(names)}"


_KEY = "<key>"


def as_key(word: str, known: Iterable[str]) -> str:
    """Return "did you mean …? " with the fields that `word` may be a key of, or an empty text.

    A field with keys is known as `metrics.<key>`.
    """
    meant = [name.replace(_KEY, word) for name in known if name.endswith(f".{_KEY}")]
    return f"did you mean {' or '.join(meant)}? " if meant and all(word.split(".")) else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "did you mean …? " with the known word most like `word`, or an empty text."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]!r}? " if near else ""


REGISTRY = Fields(
    "a registry",
    {
        "name": "place",
        "title": "text",
        "description": "text",
        "type": "texts",
        "created_at": "date",
        "updated_at": "date",
    },
    {"id": "name"},
)

COLLECTION = Fields(
    "a collection",
    {
        "name": "text",
        "path": "place",
        "title": "text",
        "description": "text",
        "tag": "texts",
        "type": "text",
        "alias": "texts",
        "created_at": "date",
        "updated_at": "date",
    },
    {"id": "path", "collection_id": "path", "artifact_collection_id": "path"}
    | {"tags": "tag", "aliases": "alias"},
)

VERSION = Fields(
    "a version",
    {
        "version": "version",
        "number": "number",
        "id": "text",
        "digest": "text",
        "artifact": "text",
        "collection": "text",
        "registry": "place",
        "tag": "texts",
        "alias": "texts",
        "type": "text",
        "description": "text",
        "created_at": "date",
        "updated_at": "date",
        "linked_at": "date",
        "size": "number",
        "metrics": "numbers",
        "metadata": "tree",
        "run": "text",
        "source": "text",
    },
    {"artifact_size": "size", "tags": "tag", "aliases": "alias"},
)

EVENT = Fields(
    "an event",
    {
        "event": "text",
        "path": "place",
        "registry": "place",
        "collection": "text",
        "author": "text",
        "alias": "text",
        "protected": "text",
        "tag": "text",
        "field": "text",
        "name": "text",
        "principal": "text",
        "version": "version",
        "number": "number",
        "previous": "version",
        "id": "text",
        "digest": "text",
        "artifact": "text",
        "type": "text",
        "size": "number",
        "description": "text",
        "created_at": "date",
        "aliases": "texts",
        "tags": "texts",
        "metrics": "numbers",
        "metadata": "tree",
        "run": "text",
        "source": "text",
    },
    {"artifact_size": "size", "artifact_collection_name": "collection", "event_author": "author"}
    | {"event_type": "event"},
)
"""What an automation's `match` may ask. What an event has not, such as an alias, is missing.

It is called and compared as in a version, but for `alias` and `tag`: those are the event's own, and all those
of its version are `aliases` and `tags`.
"""

METRICS = Fields("a version", {"metrics": "numbers"}, within="metrics")
METADATA = Fields("a version", {"metadata": "tree"}, within="metadata")
