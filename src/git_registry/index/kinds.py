"""What of the repository is indexed: the kinds of files, by the number the tables keep them under."""

from __future__ import annotations

from git_registry.model.layout import Identity, Kind

KINDS: dict[Kind, int] = {
    Kind.ORGANIZATION: 1,
    Kind.REGISTRY: 2,
    Kind.ACCESS: 3,
    Kind.REGISTRY_CARD: 4,
    Kind.COLLECTION: 5,
    Kind.COLLECTION_CARD: 6,
    Kind.VERSION: 7,
    Kind.NOTES: 8,
    Kind.UNLINKED: 9,
    Kind.UNLINKED_NOTES: 10,
    Kind.ALIAS: 11,
    Kind.AUTOMATION: 12,
    Kind.PROJECT: 13,
    Kind.RUN: 14,
}

READ_FOR_EVENTS = frozenset(
    {
        *(Kind.ORGANIZATION, Kind.REGISTRY, Kind.ACCESS, Kind.COLLECTION),
        *(Kind.NOTES, Kind.UNLINKED_NOTES, Kind.ALIAS),
    }
)
"""Files whose content decides what an event says. A manifest's does not: its id is its content's."""

READ = (
    *(Kind.REGISTRY, Kind.REGISTRY_CARD, Kind.COLLECTION, Kind.COLLECTION_CARD, Kind.PROJECT),
    *(Kind.VERSION, Kind.UNLINKED, Kind.NOTES, Kind.UNLINKED_NOTES, Kind.ALIAS, Kind.RUN),
)
"""Files whose content is indexed."""

_VERSIONED = frozenset({Kind.VERSION, Kind.NOTES, Kind.UNLINKED, Kind.UNLINKED_NOTES})


def is_spread(identity: Identity, path: str) -> bool:
    """Does a file lie in a directory of its name's first two letters, as in `versions/3f/`?"""
    usual = 3 if identity.kind in _VERSIONED else 2
    return path.count("/") > usual


_READ_AS = {
    Kind.UNLINKED: Kind.VERSION,
    Kind.UNLINKED_NOTES: Kind.NOTES,
    Kind.REGISTRY_CARD: Kind.COLLECTION_CARD,
}


def form(kind: str) -> str:
    """Return SQL for the kind a file is read as, given SQL for the kind it is."""
    cases = " ".join(f"WHEN {KINDS[one]} THEN {KINDS[other]}" for one, other in _READ_AS.items())
    return f"CASE {kind} {cases} ELSE {kind} END"
