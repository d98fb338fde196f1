"""A registry that is closed, mended with real Git: the rules and the difference are those of a push."""

from __future__ import annotations

import pytest
from tests.sdk.desk import NOON

from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at

ACCESS = "format: 1\nmembers:\n  user:alice: admin\n"


def pushing(desk, old, new, who):
    """Return what is wrong with a push of the default branch, from one commit to another."""
    with desk.open() as catalog:
        catalog.repository.git("update-ref", "refs/heads/main", old)
        push = Push(catalog, rules_at(catalog, old), "main", Pushed(principal=who, now=NOON))
        return [one.violation for one in judge(push, [("refs/heads/main", new)])]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("members: [\n", ACCESS),
        ("format: 1\nmembers: {user:alice: owner}\n", ACCESS),
        ("format: 1\nmembers: {user:alice: admin}\nmoon: full\n", ACCESS),
        ("format: 2\n", ACCESS),
        ("format: 1\nmembers: {user:alice: owner}\n", None),
    ],
)
def test_an_organization_admin_mends_what_nobody_can_read(desk, git, broken, mended):
    commits = []
    for text in (broken, mended):
        place = desk.path / "model/access.yaml"
        place.write_text(text) if text else place.unlink()
        git(desk.path, "add", "-A", "model")
        git(desk.path, "commit", "-q", "-m", "Write", env={"GIT_COMMITTER_DATE": NOON.isoformat()})
        commits.append(git(desk.path, "rev-parse", "HEAD"))

    assert pushing(desk, *commits, "user:ada") == []
    assert {one.needed for one in pushing(desk, *commits, "user:alice")} == {"organization admin"}
