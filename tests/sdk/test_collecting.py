"""What follows from what happened is queued once, whoever is killed when."""

from __future__ import annotations

import json

import pytest

from git_registry.automation import spending
from git_registry.automation.queue import Queue
from git_registry.automation.queued import DEAD, QUEUED, REMOVED, Health
from git_registry.catalog.cursor import CURSOR
from git_registry.errors import Conflict, NotFound
from git_registry.sdk import collecting
from git_registry.sdk.collecting import collect, restart
from git_registry.sdk.renaming import rename

DEPLOY = "model/churn/automations/deploy.yaml"


def sends(url="https://deploy.example/hook", events="[alias-added, alias-moved]", more=""):
    return f'format: 1\nevents: {events}\n{more}action:\n  webhook: {{url: "{url}"}}\n'


@pytest.fixture
def desk(desk, tmp_path, git):
    """A desk with two versions."""
    desk.link("one")
    desk.link("two")
    desk.git = lambda *words: git(desk.path, *words)
    return desk


@pytest.fixture
def write(desk):
    """Commit files by hand."""

    def commit(files, message="Automate"):
        for path, text in files.items():
            (desk.path / path).parent.mkdir(parents=True, exist_ok=True)
            (desk.path / path).write_text(text)
        desk.git("add", "--all")
        desk.git("commit", "-qm", message)

    return commit


@pytest.fixture
def queue(tmp_path):
    with Queue.open(tmp_path / "automations.db") as queue:
        yield queue


@pytest.fixture
def collected(desk, queue):
    """Collect, and return what is new, the oldest first, as (automation, event, version)."""

    def run():
        before = {one.id for one in queue.deliveries(most=1000)}
        new = desk(collect, queue, 1000.0)
        found = [one for one in reversed(queue.deliveries(most=1000)) if one.id not in before]
        assert len(found) == new
        data = [json.loads(one.outgoing.body)["data"] for one in found]
        return [
            (one.automation, one.event, said.get("version")) for one, said in zip(found, data, strict=True)
        ]

    return run


def test_what_happens_after_somebody_looked_is_queued_once(desk, write, collected):
    write({DEPLOY: sends(), "model/automations/all.yaml": sends(events="[version-linked]")})
    desk.promote("model/churn:v0", "production")
    assert collected() == []  # it was before anybody looked

    desk.promote("model/churn:v1", "production")
    desk.link("three")

    assert collected() == [
        (DEPLOY, "alias-moved", "v1"),
        ("model/automations/all.yaml", "version-linked", "v2"),
    ]
    assert collected() == []
    assert desk.git("rev-parse", CURSOR) == desk.git("rev-parse", "HEAD")


def test_an_automation_counts_as_it_stands_after_the_step_that_starts_it(desk, write, collected):
    collected()
    alias = "format: 1\nversion: {}\n"
    ids = [line.split("/")[-1].removesuffix(".yaml") for line in desk.files("model/churn/versions")]
    staging = "model/churn/aliases/staging.yaml"

    write({DEPLOY: sends(), staging: alias.format(ids[0])})  # created by the step that starts it
    assert [event for _, event, _ in collected()] == ["alias-added"]
    write({DEPLOY: sends(more="enabled: false\n"), staging: alias.format(ids[1])})
    assert collected() == []
    write({DEPLOY: sends()})
    desk.promote("model/churn:v0", "production")
    write({DEPLOY: sends(events="[version-linked]")})  # later in the same push: too late to matter
    assert [event for _, event, _ in collected()] == ["alias-added"]
    desk.git("rm", "-q", DEPLOY)
    write({staging: alias.format(ids[0])})
    assert collected() == []


def test_who_is_killed_before_the_cursor_moves_queues_nothing_twice(desk, write, queue, collected):
    write({DEPLOY: sends()})
    collected()
    before = desk.git("rev-parse", CURSOR)
    desk.promote("model/churn:v0", "production")
    desk.promote("model/churn:v1", "production")
    collected()

    desk.git("update-ref", CURSOR, before)  # as if it had not been moved

    assert collected() == []
    assert len(queue.deliveries()) == 2


@pytest.mark.parametrize("few", [1, 2, 3])
def test_what_is_too_much_for_once_is_queued_bit_by_bit(desk, write, collected, monkeypatch, few):
    write({DEPLOY: sends(), "model/automations/all.yaml": sends()})
    collected()
    monkeypatch.setattr(collecting, "_STEPS", 2)
    monkeypatch.setattr(collecting, "_DELIVERIES", few)

    for number in range(3):
        desk.promote(f"model/churn:v{number % 2}", "production")

    assert [version for _, _, version in collected()] == ["v0", "v0", "v1", "v1", "v0", "v0"]
    assert desk.git("rev-parse", CURSOR) == desk.git("rev-parse", "HEAD")


def test_an_automation_on_another_branch_starts_nothing(desk, write, collected):
    collected()
    desk.git("switch", "-qc", "proposals/bob/deploy")
    write({DEPLOY: sends()})
    desk.git("switch", "-q", "main")

    desk.promote("model/churn:v0", "production")

    assert collected() == []


def test_one_that_can_not_be_read_keeps_no_other_from_starting(desk, write, collected):
    write(
        {
            DEPLOY: sends(),
            DEPLOY.replace("deploy", "a"): "events: [",
            DEPLOY.replace("deploy", "b"): sends(more="match: {colour: red}\n"),
        }
    )
    collected()
    desk.promote("model/churn:v0", "production")

    assert collected() == [(DEPLOY, "alias-added", "v0")]
    assert [said.count("starts nothing") for said in desk.said] == [1, 1]


def test_a_rewritten_history_stops_and_says_what_to_do(desk, write, queue, collected):
    write({DEPLOY: sends()})
    collected()
    first = desk.git("rev-parse", "HEAD")
    desk.promote("model/churn:v0", "staging")
    collected()
    seen = desk.git("rev-parse", CURSOR)
    desk.git("reset", "-q", "--hard", first)
    desk.promote("model/churn:v1", "production")

    with pytest.raises(Conflict, match="rewritten") as told:
        desk(collect, queue, 1000.0)
    assert "--skip" in told.value.hint
    assert "--from" in told.value.hint
    assert desk.git("rev-parse", CURSOR) == seen
    assert len(queue.deliveries()) == 1

    desk(restart, queue, first, 1000.0)
    assert collected() == [(DEPLOY, "alias-added", "v1")]


def test_one_starts_again_only_from_a_step_of_the_branch(desk, queue):
    with pytest.raises(NotFound, match="there is no commit 'nope'"):
        desk(restart, queue, "nope", 1000.0)
    other = desk.git("commit-tree", "HEAD^{tree}", "-m", "Another history")
    with pytest.raises(Conflict, match="does not follow"):
        desk(restart, queue, other, 1000.0)


def test_a_branch_without_commits_says_so(tmp_path, git, queue):
    from .desk import Desk

    git(tmp_path, "init", "-q", "empty")
    with pytest.raises(NotFound, match="no commits yet"):
        Desk(tmp_path / "empty")(collect, queue, 1000.0)


def test_what_happens_to_the_organization_is_told_by_registries(desk, write, collected):
    start = {
        "model/automations/tell.yaml": sends(events="[admin-added]"),
        DEPLOY: sends(events="[admin-added]"),
    }
    write(start)
    collected()
    organization = (desk.path / "organization.yaml").read_text()

    write({"organization.yaml": organization.replace("admins: [", "admins: [user:eve, ")}, "Eve helps")

    assert collected() == [("model/automations/tell.yaml", "admin-added", None)]


# Automations that ask too much


@pytest.fixture
def endless(write, desk, monkeypatch):
    """Have an automation that asks for longer than there is time, of each event; beside two that don't."""
    monkeypatch.setattr(spending, "ENOUGH", 0.1)
    notes = desk.files("model/churn/versions")[0].replace(".yaml", ".notes.yaml")
    asks = ", ".join(f"{{metadata.x: {{$regex: '(a|b|ab)*a.{{80}}c{{{n}}}$'}}}}" for n in range(1, 40))
    endless = DEPLOY.replace("deploy", "endless")
    write(
        {
            notes: f"format: 1\nmetadata:\n  x: '{100_000 * 'ab'}'\n",
            endless: sends(more=f"match: {{$or: [{asks}]}}\n"),
            DEPLOY: sends(),
            "dataset/registry.yaml": "format: 1\n",
            "dataset/automations/tell.yaml": sends(events="[registry-described]"),
        }
    )
    return endless


def test_one_that_asks_for_too_long_is_paused_and_keeps_no_other_from_starting(
    desk, write, queue, collected, endless
):
    collected()
    desk.promote("model/churn:v0", "production")
    first = desk.git("rev-parse", "HEAD")
    desk.promote("model/churn:v0", "staging")
    write({"dataset/registry.yaml": "format: 1\ndescription: Ours\n"})

    assert [automation for automation, *_ in collected()] == [DEPLOY, DEPLOY, "dataset/automations/tell.yaml"]
    (paused,) = queue.paused()
    assert paused.automation == endless
    assert paused.why.startswith("what the automations of its registry ask takes more than 5 seconds; what ")
    assert f"run --from {first[:12]}^`" in paused.why


def test_what_was_left_out_is_queued_once_it_asks_less(desk, write, queue, collected, endless):
    collected()
    desk.promote("model/churn:v0", "production")
    collected()
    write({endless: sends(more="match: {alias: staging}\n")})
    desk.promote("model/churn:v0", "staging")

    assert [automation for automation, *_ in collected()] == [DEPLOY]  # nothing before it is resumed
    queue.resume(endless)
    desk(restart, queue, "HEAD^", 1000.0)

    assert collected() == [(endless, "alias-added", "v0")]
    assert queue.paused() == []


def test_who_takes_more_steps_has_no_more_time(desk, write, queue, collected, endless, monkeypatch):
    monkeypatch.setattr(spending, "ALL_IN_ALL", 0.05)
    collected()
    desk.promote("model/churn:v0", "production")
    desk.git("rm", "-q", endless)  # what is asked anew, under any name, was asked before
    write({endless.replace("endless", "again"): (desk.path / DEPLOY).read_text()})
    desk.promote("model/churn:v0", "staging")

    assert collected() == [(DEPLOY, "alias-added", "v0")]
    assert {one.automation for one in queue.paused()} == {DEPLOY, endless.replace("endless", "again")}


# Automations that go, and that move


def test_one_that_was_removed_sends_no_more_even_if_another_has_its_name(desk, write, queue, collected):
    write({DEPLOY: sends("https://old.example/hook")})
    collected()
    desk.promote("model/churn:v0", "production")
    collected()
    queue.pause(DEPLOY, "it is Friday", 1000.0)
    queue.note(DEPLOY, Health(failures=3, since=1.0, latest=2.0, held=9999.0))
    desk.promote("model/churn:v1", "production")
    desk.git("rm", "-q", DEPLOY)
    write({"README.md": "Deploy no more."})
    write({DEPLOY: sends("https://new.example/hook")})
    desk.promote("model/churn:v0", "staging")

    collected()

    (due,) = queue.due(2000.0, 9)
    assert (due.outgoing.url, due.subject) == ("https://new.example/hook", "alias=staging")
    assert (queue.paused(), queue.health(DEPLOY)) == ([], Health())
    dead = queue.deliveries(state=DEAD)
    assert [queue.tries(one.id)[-1].problem for one in dead] == [REMOVED, REMOVED]

    desk(restart, queue, "HEAD~4", 1000.0)  # before it was removed, which happens to nobody twice
    assert collected() == []
    assert [one.state for one in queue.deliveries()] == [QUEUED, DEAD, DEAD]


def test_what_waits_moves_with_its_collection(desk, write, queue, collected):
    write({DEPLOY: sends()})
    collected()
    desk.promote("model/churn:v0", "production")
    collected()
    queue.pause(DEPLOY, "it is Friday", 1000.0)
    before = queue.deliveries()

    desk(rename, "model/churn", "model/attrition")
    desk.promote("model/attrition:v1", "production")

    moved = DEPLOY.replace("churn", "attrition")
    assert collected() == [(moved, "alias-moved", "v1")]
    assert [(one.automation, one.why) for one in queue.paused()] == [(moved, "it is Friday")]
    assert [(one.id, one.place) for one in queue.deliveries(moved)[1:]] == [(before[0].id, "model/attrition")]
    assert queue.deliveries(DEPLOY) == queue.due(2000.0, 9) == []


def test_what_is_skipped_starts_nothing_and_removes_all_the_same(desk, write, queue, collected):
    write({DEPLOY: sends("https://old.example/hook")})
    collected()
    desk.promote("model/churn:v0", "production")
    collected()
    desk.git("rm", "-q", DEPLOY)
    write({"README.md": "Deploy no more."})
    write({DEPLOY: sends("https://new.example/hook")})
    desk.promote("model/churn:v1", "production")

    desk(restart, queue, "HEAD", 1000.0)

    assert [one.state for one in queue.deliveries()] == [DEAD]
    assert collected() == []
