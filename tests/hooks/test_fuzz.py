"""Whatever a client pushes and whatever git is made to tell: no traceback, and no yes to what is wrong.

In the ordinary run some seconds. With --campaign as many minutes as GIT_REGISTRY_FUZZ_MINUTES says, else 30.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st
from tests.flows.steps import CHURN, FIRST, SECOND, STEPS, alias
from tests.hooks import reference
from tests.hooks.hostile import BASES, FILE, MAIN, NOTHING, PUSHES, Hostile, Step, World, made

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.hooks import pre_receive, update
from git_registry.hooks.clock import clock
from git_registry.hooks.gate import Wanted, judgement
from git_registry.hooks.wording import plain, refusal
from git_registry.repository.repository import Repository
from git_registry.sdk.checking import check

MANY = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("fuzz") / "acme.git")
    Repository.open(made.path).set_config("registry.identity", "env:REG_USER")
    return made


def judged(world, who, wanted):
    """Return what is wrong with a push by the hook's own words, each as it would go to a terminal."""
    try:
        found = judgement(Repository.open(world.path), [Wanted(*one) for one in wanted], {"REG_USER": who})
    except RegistryError as error:
        return [plain(f"error: {error}")]
    return [plain(row) for row in refusal(found)]


def held(world, push):
    """Judge a push, and hold a yes against the reference; return what was said."""
    wanted = made(world, push)
    said = judged(world, push.who, wanted)
    assert all(row.isprintable() for row in said)
    if said:
        return "refused"
    assert list(reference.wrong(world, push.who, wanted)) == []
    tips = [new for ref, new in wanted if ref == MAIN and new != NOTHING]
    with Catalog(repository=Repository.open(world.path), branch="main", clock=clock) as catalog:
        assert [str(one) for tip in tips for one in check(catalog, tip)] == []
    return "accepted" if tips and tips[-1] != world.base else "accepted elsewhere"


def story(who, files, *more):
    return Hostile(who=who, steps=(Step(files=files), *more), refs=((MAIN, True),))


MOVED = {f"{CHURN}/aliases/production.yaml": (FILE, alias(SECOND).encode())}
HELD = {f"{CHURN}/aliases/production.yaml": (FILE, alias(FIRST).encode())}


@settings(MANY, max_examples=120, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(push=PUSHES)
@example(push=story("bob", MOVED, Step(files=HELD)))
@example(push=story("bob", {"organization.yaml": (FILE, BASES["organization.yaml"].encode() + b"x: 1\n")}))
@example(push=story("ana", {"model/\udcff": (FILE, b"x")}))
@example(push=story("mallory", {"organization.yaml": None}))
def test_no_push_is_accepted_that_is_wrong(world, push):
    held(world, push)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_reference_refuses_nobody_who_may(world, step):
    files = {path: text if text is None else (FILE, text.encode()) for path, text in step.files.items()}

    accepted = {
        who for who in ("ana", "alice", "bob", "carol") if held(world, story(who, files)) == "accepted"
    }

    assert accepted == step.may


def test_the_reference_sees_what_is_wrong(world):
    wanted = made(world, story("ana", {f"{CHURN}/versions/{FIRST.id}.yaml": (FILE, b"format: 1\n")}))
    assert any("rewritten" in one for one in reference.wrong(world, "ana", wanted))
    wanted = made(world, story("bob", MOVED))
    assert list(reference.wrong(world, "bob", wanted)) == ["bob moves b'production.yaml'"]
    assert list(reference.wrong(world, "alice", wanted)) == []
    assert list(reference.wrong(world, "ana", [(MAIN, NOTHING)])) == ["main only goes forward"]


WORDS = st.sampled_from(
    [b"0" * 40, b"1" * 40, b"refs/heads/main", b"refs/", b"\n", b" ", b"\0", b"\xff", b"-x", b"A" * 40]
)
TOLD = st.lists(WORDS | st.binary(max_size=8), max_size=12).map(b"".join) | st.lists(
    st.lists(WORDS, min_size=3, max_size=3).map(b" ".join), max_size=3
).map(lambda rows: b"".join(row + b"\n" for row in rows))


@MANY
@given(TOLD)
def test_what_git_tells_is_understood_or_refused(told):
    try:
        found = pre_receive.told(told)
    except RegistryError:
        return
    lines = told.decode("utf-8", "surrogateescape").split("\n")[:-1]
    assert lines == [f"{one.old} {one.new} {one.ref}" for one in found]


ARGUMENTS = st.lists(
    st.sampled_from(["refs/heads/main", "0" * 40, "1" * 40, "--refname", "--newrev", "--oldrev", "-x", ""])
    | st.text(max_size=8),
    max_size=8,
)


@MANY
@given(ARGUMENTS)
def test_what_an_update_hook_is_told_is_understood_or_refused(arguments):
    try:
        found = update.told(arguments)
    except RegistryError:
        return
    assert set(found) <= set(arguments)
    assert found.ref.startswith("refs/")
    assert set(f"{found.old}{found.new}") <= set("0123456789abcdef")


def run(world, module, told, arguments, user):
    """Run a hook as git would; return its code and what it said."""
    command = [sys.executable, "-I", "-m", f"git_registry.hooks.{module}", *arguments]
    environ = {**os.environ, "GIT_DIR": ".", "REG_USER": user}
    done = subprocess.run(command, cwd=world.path, env=environ, input=told, capture_output=True)
    return done.returncode, done.stderr.decode("utf-8", "strict")


TELLING = [
    b"",
    b"\n",
    b"refs/heads/main\n",
    b"\xff" * 200,
    b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/main\n",
    b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/\x1b[31m\xff\n",
    b"0" * 40 + b" " + b"0" * 40 + b" refs/heads/main\n",
    b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/main",
    b"x" * (2 << 20),
]


@pytest.mark.parametrize("told", TELLING, ids=range(len(TELLING)))
def test_the_process_ends_in_words(world, told):
    code, said = run(world, "pre_receive", told, (), "ana")

    assert code != 0
    assert said.startswith(("error: ", "refused: "))
    assert "Traceback" not in said
    assert all(row.isprintable() for row in said.splitlines())


@pytest.mark.parametrize(
    "arguments", [(), ("x",), ("refs/heads/main", "0" * 40, "1" * 40), ("--refname", "refs/heads/main")]
)
def test_an_update_process_ends_in_words(world, arguments):
    code, said = run(world, "update", b"", arguments, "ana")

    assert code != 0
    assert said.startswith(("error: ", "refused: "))
    assert "Traceback" not in said


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_no_push_is_accepted_in_half_an_hour(world):
    ends = time.monotonic() + 60 * float(os.environ.get("GIT_REGISTRY_FUZZ_MINUTES", "30"))
    ended: Counter[str] = Counter()

    def one_round(number):
        @seed(number)
        @settings(MANY, max_examples=200, phases=[Phase.generate])
        @given(push=PUSHES)
        def hold(push):
            ended[held(world, push)] += 1

        hold()

    begun, rounds = int(time.time()), 0
    failed = []
    while time.monotonic() < ends:
        try:
            one_round(begun + rounds)
        except Exception:  # noqa: BLE001 - the next round may find something else
            failed.append(traceback.format_exc())
            print(failed[-1], flush=True)
        rounds += 1
        print(f"{rounds} rounds from seed {begun}, {len(failed)} failed: {dict(ended)}", flush=True)
    assert failed == []
    assert ended["accepted"]
    assert ended["refused"]
