"""What undoes a merge: verbs where there are some, else a revert."""

from __future__ import annotations

import pytest

from git_registry.model.events import AliasAdded, AliasMoved, VersionAnnotated, VersionLinked
from git_registry.sdk.undoing import undoing

CHURN, COMMIT = "model/churn", "3fa94c1be2d07788a1c0f3d2b4e596171d2c04ab"
REVERT = "git revert -m 1 3fa94c1b"


@pytest.fixture
def events(desk):
    """One event of each kind, about two versions that are linked."""
    ids = [desk.link(content).id for content in ("first", "second")]
    changed = AliasMoved(path=CHURN, alias="production", before=ids[0], after=ids[1], protected=True)
    return {
        "moved": changed,
        "added": AliasAdded(path=CHURN, alias="staging", after=ids[1], protected=False),
        "linked": VersionLinked(path=CHURN, version=ids[1]),
        "annotated": VersionAnnotated(path=CHURN, version=ids[0], field="metadata"),
    }


@pytest.mark.parametrize(
    ("happened", "commands", "at_once", "remark"),
    [
        ((), (), "", ""),
        (("added",), (f"git registry alias remove {CHURN} staging",), "", ""),
        (("moved",), (f"git registry rollback {CHURN} production --to v0",), "", "add --propose"),
        (
            ("moved", "added"),
            (
                f"git registry rollback {CHURN} production --to v0",
                f"git registry alias remove {CHURN} staging",
            ),
            REVERT,
            "add --propose",
        ),
        (
            ("added", "linked"),
            (f"git registry alias remove {CHURN} staging", f"git registry unlink {CHURN}:v1"),
            "",
            "",
        ),
        (("moved", "annotated"), (REVERT,), "", ""),
        (("linked", "annotated"), (REVERT,), "", "takes an organization admin"),
    ],
    ids=["nothing", "one", "protected", "several", "linked", "by a revert", "a revert that purges"],
)
def test_each_is_undone_by_what_undoes_all_of_it(desk, events, happened, commands, at_once, remark):
    found = desk(undoing, COMMIT, [events[one] for one in happened])

    assert (found.commands, found.at_once) == (commands, at_once)
    assert found.remark.endswith(remark)
    assert bool(found.remark) is bool(remark)
