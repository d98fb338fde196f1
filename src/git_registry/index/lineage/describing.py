"""What the index knows of a node of lineage."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from git_registry.index.kinds import KINDS
from git_registry.index.lineage.spots import Spot, Spots
from git_registry.model.layout import Kind
from git_registry.model.lineage.graph import Description, State, unseen
from git_registry.model.lineage.nodes import Node, Run, Version

_NUMBER = (
    "SELECT number, came, since FROM {numbers} WHERE chain = ? AND place = ? AND version = ?"
    " ORDER BY since DESC LIMIT 1"
)
_RUN = (
    "SELECT c.facts FROM {entries} AS e LEFT JOIN main.content AS c ON c.blob = e.blob AND c.form = e.kind"
    f" WHERE e.chain = ? AND e.place = ? AND e.name = ? AND e.kind = {KINDS[Kind.RUN]}"
)
_ALIASES = (
    "SELECT e.name, c.facts FROM {entries} AS e"
    " CROSS JOIN main.content AS c ON c.blob = e.blob AND c.form = e.kind"
    f" WHERE e.chain = ? AND e.place = ? AND e.kind = {KINDS[Kind.ALIAS]} ORDER BY e.name"
)


@dataclass(frozen=True, slots=True)
class Describing:
    """Describes nodes; the aliases of a collection are read once."""

    spots: Spots
    _aliases: dict[tuple[int, int | None], dict[str, list[str]]] = field(default_factory=dict)

    def describe(self, node: Node) -> Description:
        """Return what a node is called, and whether it is here."""
        spot = self.spots.of(node)
        if spot and isinstance(node, Run):
            return self._run(node, spot)
        if spot and isinstance(node, Version):
            return self._version(node, spot)
        return unseen(node)

    def _run(self, node: Run, spot: Spot) -> Description:
        for (facts,) in self.spots.moment.rows(_RUN.format(entries=spot.source.entries), *spot.key):
            name = json.loads(facts or "{}").get("name") or node.id
            return Description(label=f"run {node.project}/{name}", state=State.RECORDED)
        return unseen(node)

    def _version(self, node: Version, spot: Spot) -> Description:
        number = self._number(spot)
        kinds = self.spots.kinds(spot)
        label = f"{node.place}:{number}" if number else node.label
        if KINDS[Kind.VERSION] in kinds:
            return Description(label=label, state=State.LINKED, aliases=self._named(spot))
        if kinds:
            return Description(label=label, state=State.UNLINKED)
        return Description(label=label, state=State.PURGED) if number else unseen(node)

    def _number(self, spot: Spot) -> str | None:
        asked = _NUMBER.format(numbers=spot.source.numbers)
        for number, came, _ in self.spots.moment.rows(asked, *spot.key):
            return f"v{number}{'' if self.spots.is_published(spot.chain, came) else '?'}"
        return None

    def _named(self, spot: Spot) -> tuple[str, ...]:
        where = spot.chain, spot.place
        if where not in self._aliases:
            found = self._aliases[where] = {}
            asked = _ALIASES.format(entries=spot.source.entries)
            for alias, facts in self.spots.moment.rows(asked, *where):
                found.setdefault(json.loads(facts).get("version", ""), []).append(alias)
        return tuple(self._aliases[where].get(spot.name, ()))
