"""An instance reads the same commits for ever, wherever it is sent; a new one reads what is new."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import fsspec
import pytest
from tests.sdk.once import once
from tests.sdk.projects import log

from git_registry.integrations.filesystem import RegistryFileSystem
from git_registry.sdk import aliasing, linking
from git_registry.sdk.linking import Request

PRODUCTION = "model/churn:production/model.bin"


def move(desk):
    """Link another version, and let production point at it."""
    desk.link("two", aliases=["production"])


@once
def churn(desk):
    desk.link("one", aliases=["production"])
    return desk


def test_an_alias_that_moves_is_seen_by_who_is_made_later(churn, opened):
    before = opened(churn)
    move(churn)
    after = opened(churn)

    assert before.cat(PRODUCTION) == b"one"
    assert after.cat(PRODUCTION) == b"two"
    assert before.cat(PRODUCTION) == b"one"
    assert before.ls("model/churn", detail=False) == ["model/churn:v0", "model/churn:production"]
    assert (before.cat("model/churn/model.bin"), after.cat("model/churn/model.bin")) == (b"one", b"two")
    assert before != after


def test_a_url_is_opened_at_what_is_there_now(churn):
    url, where = f"registry://{PRODUCTION}", {"repository": str(churn.path)}
    with fsspec.open(url, **where) as file:
        assert file.read() == b"one"
    waiting = fsspec.open(url, **where)

    move(churn)

    with fsspec.open(url, **where) as file:
        assert file.read() == b"two"
    with waiting as file:
        assert file.read() == b"one"


def test_what_was_there_once_is_read_by_its_commit(churn, opened, git):
    move(churn)
    before = git(churn.path, "rev-parse", "main~1")

    for name in (before, before[:10], "main~1"):
        fs = opened(churn, commit=name)
        assert fs.cat(PRODUCTION) == b"one"
        assert fs.storage_options["commit"] == before
    with pytest.raises(FileNotFoundError, match="is not in this clone"):
        opened(churn, commit="0" * 40).ls("")


def test_it_is_sent_with_its_commit(churn, opened):
    fs = opened(churn)
    sent = pickle.dumps(fs)
    move(churn)

    there = pickle.loads(sent)

    assert there.storage_options == fs.storage_options
    assert there == fs
    assert there.cat(PRODUCTION) == b"one"
    assert fsspec.AbstractFileSystem.from_json(fs.to_json()).cat(PRODUCTION) == b"one"


@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
def test_other_processes_read_the_same(churn, opened, start):
    fs = opened(churn)
    assert fs.cat(PRODUCTION) == b"one"
    move(churn)

    with ProcessPoolExecutor(2, mp_context=get_context(start)) as pool:
        answers = list(pool.map(fs.cat_file, [PRODUCTION] * 4))

    assert answers == [b"one"] * 4


def test_a_child_reads_though_a_thread_of_its_parent_was_reading(churn, opened):
    """What a thread holds when the process is forked is held for ever in the child."""
    fs = opened(churn)
    version = fs._version(fs._split("model/churn:v0"))

    with version._lock:
        child = get_context("fork").Process(target=fs.cat, args=[PRODUCTION])
        child.start()
        child.join(60)

    assert child.exitcode == 0


def test_dask_tells_instances_apart_by_what_they_read(churn, opened):
    tokenize = pytest.importorskip("dask.base", reason="dask is not installed").tokenize
    before, same = opened(churn), opened(churn)
    move(churn)
    after = opened(churn)

    assert tokenize(before) == tokenize(same) == tokenize(pickle.loads(pickle.dumps(before)))
    assert tokenize(before) != tokenize(after)
    assert before.ukey(PRODUCTION) != after.ukey(PRODUCTION)


@pytest.mark.parametrize("order", [("churn", "fraud"), ("fraud", "churn")])
def test_what_is_looked_at_does_not_change_what_an_instance_is(churn, opened, order):
    tokenize = pytest.importorskip("dask.base", reason="dask is not installed").tokenize
    for project in ("churn", "fraud"):
        log(churn, project, artifact="xgb", project=project)
    fs = opened(churn)
    before, options = tokenize(fs), str(fs.storage_options)

    for project in order:
        assert fs.cat(f"projects/{project}/xgb/model.bin") == project.encode()

    assert (tokenize(fs), str(fs.storage_options)) == (before, options)
    for there in (pickle.loads(pickle.dumps(fs)), fsspec.AbstractFileSystem.from_json(fs.to_json())):
        assert (there, tokenize(there)) == (fs, before)


def test_pinned_projects_are_the_same_in_any_order(churn, opened):
    tokenize = pytest.importorskip("dask.base", reason="dask is not installed").tokenize
    pins = {"churn": "a" * 40, "fraud": "b" * 40}
    one, other = (opened(churn, projects=dict(items)) for items in (pins.items(), reversed(pins.items())))

    assert tokenize(one) == tokenize(other)
    assert tokenize(one) != tokenize(opened(churn, projects=pins | {"fraud": "c" * 40}))


def test_who_may_read_any_project_is_another_once_one_went_on(churn, opened):
    """It decides when it first looks: two that are one to Dask would give each other's answers."""
    tokenize = pytest.importorskip("dask.base", reason="dask is not installed").tokenize
    log(churn, "one", artifact="xgb")
    before, told = opened(churn), opened(churn, project="churn")
    log(churn, "two", artifact="xgb", project="fraud")

    assert tokenize(before) != tokenize(opened(churn))
    assert tokenize(told) == tokenize(opened(churn, project="churn"))


def test_where_the_clone_is_goes_with_it(churn, opened, monkeypatch, tmp_path):
    monkeypatch.chdir(churn.path / "model")
    fs = fsspec.filesystem("registry")
    monkeypatch.chdir(tmp_path)

    assert fs.storage_options["repository"] == str(churn.path)
    assert pickle.loads(pickle.dumps(fs)).cat(PRODUCTION) == b"one"
    with pytest.raises(FileNotFoundError, match="is not in a Git repository"):
        fsspec.filesystem("registry")
    monkeypatch.setenv("GIT_REGISTRY", str(churn.path))
    assert fsspec.filesystem("registry").cat(PRODUCTION) == b"one"
    assert RegistryFileSystem("acme").storage_options == fs.storage_options


# Projects


PROJECT = "projects/churn/xgb/model.bin"


def test_a_project_that_a_url_names_is_pinned_with_it(churn):
    log(churn, "one", artifact="xgb")
    waiting = fsspec.open(f"registry://{PROJECT}", repository=str(churn.path))
    sent = pickle.dumps(waiting)
    log(churn, "two", artifact="xgb")

    for file in (waiting, pickle.loads(sent)):
        with file as here:
            assert here.read() == b"one"
    assert waiting.fs.storage_options["projects"].keys() == {"churn"}


def test_another_project_is_pinned_when_it_is_first_looked_at(churn, opened):
    fs = opened(churn)
    log(churn, "one", artifact="xgb")
    assert fs.ls("projects/churn", detail=False) == ["projects/churn/xgb"]
    sent = pickle.dumps(fs)
    log(churn, "two", artifact="xgb")

    for here in (fs, pickle.loads(sent)):
        assert here.cat(PROJECT) == b"one"
        assert here.ls("projects/churn/xgb", detail=False) == ["projects/churn/xgb:v0"]
        assert [one["id"] for one in here.ls("projects/churn/xgb")] == [
            here.info("projects/churn/xgb:v0")["id"]
        ]
    assert opened(churn).cat(PROJECT) == b"two"


def test_two_projects_do_not_stand_in_each_others_way(churn, opened):
    log(churn, "one", artifact="xgb")
    log(churn, "two", artifact="xgb", project="fraud")
    fs = opened(churn)

    assert fs.cat(PROJECT) == b"one"
    assert fs.cat("projects/fraud/xgb/model.bin") == b"two"
    assert fs.cat(PRODUCTION) == b"one"


def test_a_version_of_a_project_that_was_linked_is_the_same_file(churn, opened):
    log(churn, "three", artifact="xgb")
    churn(linking.link_version, "projects/churn/xgb:v0", "model/churn", Request())

    fs = opened(churn)

    assert fs.info(PROJECT)["digest"] == fs.info("model/churn/model.bin")["digest"]


# Clones elsewhere


def test_what_others_published_is_read_once_it_was_fetched(churn, upstream, clone, git, opened):
    other = clone("other")
    move(churn)
    git(churn.path, "push", "-q")

    assert opened(other).cat(PRODUCTION) == b"one"
    git(other.path, "fetch", "-q")
    assert opened(other).cat(PRODUCTION) == b"two"


def test_a_commit_that_only_the_sender_has_is_fetched(churn, upstream, clone, git, opened):
    other = clone("other")
    move(churn)
    git(churn.path, "push", "-q")
    commit = opened(churn).storage_options["commit"]
    assert opened(other).storage_options["commit"] != commit

    assert opened(other, commit=commit).cat(PRODUCTION) == b"two"


def test_a_commit_that_was_not_published_is_said_to_be_missing(churn, upstream, clone, opened):
    other = clone("other")
    move(churn)
    commit = opened(churn).storage_options["commit"]

    with pytest.raises(FileNotFoundError, match=f"{commit} is not in this clone") as raised:
        opened(other, commit=commit).ls("")
    assert "push it from where it was made" in raised.value.hint


def test_a_url_travels_as_a_url(churn, upstream, git, monkeypatch, tmp_path):
    git(churn.path, "push", "-q")
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "here"))
    monkeypatch.setenv("GIT_REGISTRY", f"file://{upstream}")
    fs = fsspec.filesystem("registry")
    sent = pickle.dumps(fs)
    move(churn)
    git(churn.path, "push", "-q")
    # On another machine, with a clone of its own.
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "there"))
    monkeypatch.delenv("GIT_REGISTRY")

    there = pickle.loads(sent)

    assert there.storage_options["repository"] == f"file://{upstream}"
    assert there.cat(PRODUCTION) == b"one"
    assert fsspec.filesystem("registry", repository=f"file://{upstream}").cat(PRODUCTION) == b"two"


def test_what_is_pinned_is_read_of_a_url_without_asking_it_again(churn, upstream, git):
    git(churn.path, "push", "-q")
    fs = fsspec.filesystem("registry", repository=f"file://{upstream}")
    upstream.rename(upstream.with_name("away.git"))

    assert fs.cat(PRODUCTION) == b"one"
    assert pickle.loads(pickle.dumps(fs)).ls("model", detail=False) == ["model/churn"]


def test_a_shallow_clone_reads_by_alias(churn, upstream, clone, git, opened):
    move(churn)
    git(churn.path, "push", "-q")
    shallow = clone("shallow", "--depth=1")

    fs = opened(shallow)

    assert fs.cat(PRODUCTION) == b"two"
    assert [name.partition("@")[0] for name in fs.ls("model/churn", detail=False)] == [
        "model/churn",
        "model/churn",
        "model/churn:production",
    ]
    assert all(fs.isdir(name) for name in fs.ls("model/churn", detail=False))


def test_an_alias_that_was_removed_is_still_there_at_the_commit(churn, opened):
    fs = opened(churn)
    churn(aliasing.remove, "model/churn", ["production"])

    assert fs.cat(PRODUCTION) == b"one"
    assert not opened(churn).exists(PRODUCTION)
