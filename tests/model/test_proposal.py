"""Which pull or merge request a commit came with."""

from __future__ import annotations

import pytest

from git_registry.model.proposal import proposal


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("Merge pull request #7 from acme/x\n\nPromote v3 (#5)", "7"),  # GitHub
        ("Promote v3 (#12)", "12"),
        ("Promote v3 (#12)\r\n\r\nas discussed in (#7)", "12"),
        ('Revert "Promote v3 (#12)" (#13)\n\nReverts acme/models#12', "13"),
        (
            "Merge pull request 'Fix it' (#12) from x into main\n\nReviewed-on: https://g.it/a/b/pulls/12",
            "12",
        ),
        ("Merge pull request 'Fix (#7) it's' (#12) from x into main", "12"),
        ("Merge pull request 'Fix it' (!12) from x into main", "12"),
        ("Merge pull request !8 from acme/x", "8"),
        ("Promote v3 (!12)", "12"),
        ("Merge branch 'x' into 'main'\n\nPromote v3\n\nSee merge request group/proj!45", "45"),  # GitLab
        ("Promote v3\n\nSee merge request !45\n", "45"),
        ("Merged in promote (pull request #12)\n\nPromote v3\n\nApproved-by: Ana", "12"),  # Bitbucket
        ("Pull request #12: Promote v3\n\nMerge in ML/models from promote to main", "12"),
        ("Merged PR 12: Promote v3\n\nRelated work items: #99", "12"),  # Azure
    ],
)
def test_what_forges_write(message, number):
    assert proposal(message) == number


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Promote",
        "Fixes #12",
        "Promote v3\n\nas discussed in (#7)",
        "Promote v3\n\nMerge pull request #7 from acme/x",
        "Promote v3\n\nPull request #12: was better",
        "(#12) promotes v3",
        "Promote v3 (#١٢)",
        f"Promote v3 (#{'1' * 5000})",
        "Promote v3\n\nSee merge request group/proj!45 for more",
    ],
)
def test_what_people_write_names_none(message):
    assert proposal(message) == ""


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Merge bob/x: Promote v3\n\nProposed-by: user:bob\n", "bob/x"),
        ("Merge bob/x: Promote v3 (#7)\n\nProposed-by: user:bob\nApproved-by: user:alice\n", "bob/x"),
        ("Merge service.ci/a/b-2: x\n\nSigned-off-by: Ana\nProposed-by: service:ci", "service.ci/a/b-2"),
        ("Merge bob/x: Promote v3 (#7)\n\nby hand", "7"),
        ("Merge bob/x: Promote v3\n", ""),
        ("Merge branch 'bob/x': y\n\nProposed-by: user:bob\n", ""),
        ("Merge bob: x\n\nProposed-by: user:bob\n", ""),
        ("Say how to\n\nMerge bob/x: Promote\n\nProposed-by: user:bob\n", ""),
    ],
)
def test_what_we_write(message, name):
    assert proposal(message) == name
