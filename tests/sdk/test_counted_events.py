"""How many events there are, any page of them, and those of one run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.sdk.recorded import project_at, record, run, run_at

from git_registry.errors import NotFound
from git_registry.index.events.history import Wanted
from git_registry.index.events.sources import Subject
from git_registry.sdk import aliasing, auditing, renaming

from .once import once


@once
def story(desk):
    desk.link("one", aliases=["staging", "champion"])
    desk.link("two", aliases=["staging"])
    desk(aliasing.remove, "model/churn", ["champion"])
    desk(renaming.rename, "model/churn", "leavers")
    record(
        desk, "projects/churn", project_at("churn"), run_at("churn", "r1", run(state="running", ended=None))
    )
    record(desk, "projects/churn", run_at("churn", "r1", run()), run_at("churn", "r2", run()), later=1)
    return desk


WANTED = (
    Wanted(),
    Wanted(kinds=frozenset({"alias-moved", "version-linked"})),
    Wanted(by="ada"),
    Wanted(by="nobody at all"),
    Wanted(subject=Subject(alias="staging"), newest_first=False),
)


@pytest.mark.parametrize("selected", [None, "model", "model/leavers", "projects/churn"])
def test_pages_are_parts_of_the_whole_and_as_many_as_are_counted(story, selected):
    with story.open() as catalog:
        for wanted in WANTED:
            if selected == "projects/churn" and wanted.subject.alias:
                continue
            whole = auditing.history(catalog, selected, wanted).events
            pages = [
                auditing.history(catalog, selected, replace(wanted, offset=start, limit=2)).events
                for start in range(0, len(whole) + 1, 2)
            ]

            assert [one for page in pages for one in page] == whole
            assert auditing.counted(catalog, selected, replace(wanted, offset=1, limit=1)) == len(whole)


def test_a_run_has_a_history_of_its_own(story):
    found = story(auditing.history, "projects/churn/runs/r1", Wanted())

    assert [one.event.kind for one in found.events] == ["run-recorded", "run-recorded"]
    assert story(auditing.counted, "projects/churn/runs/r1", Wanted()) == 2


def test_a_run_that_never_was_is_told(story):
    with pytest.raises(NotFound, match="there is no run 'r3'"):
        story(auditing.history, "projects/churn/runs/r3", Wanted())
