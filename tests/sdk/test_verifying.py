"""Is everything there, and is it what it was? Never silent about what was not looked at."""

import json
import os
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import fsspec
import pytest

from git_registry.errors import NotFound
from git_registry.model.digest import Digest
from git_registry.sdk import linking
from git_registry.sdk.linking import Request
from git_registry.sdk.verifying import Extent, verify
from git_registry.store.probing import Claim

from .once import once
from .test_linking import allow, change

SIZES = Extent(size_only=True)


def blob(desk, content):
    """Return where a blob of the store is, open for damage."""
    name = Digest.of(content.encode()).value
    path = desk.path.parent / "store/sha256" / name[:2] / name
    path.chmod(0o644)
    return path


def said(done):
    return [(one.version, one.path, one.problem) for one in done.problems]


def memories(desk):
    return list((desk.path / ".git").rglob("_verified.jsonl"))


@once
def filled(desk):
    desk.link({"model.bin": "weights", "card.md": "same"}, aliases=["production"])
    desk.link({"model.bin": "better", "card.md": "same"})
    desk.link("rows", "dataset/customers", type="dataset")
    return desk


def test_all_is_well(filled):
    done = filled(verify)

    assert done.ok
    assert (done.versions, done.checked, done.bytes) == (3, 4, len("weightsbettersamerows"))
    assert done.documents == len([one for one in filled.files() if one.endswith(".yaml")])
    assert (done.weak, done.not_checked, done.resumed) == ((), (), 0)
    assert memories(filled) == []


@pytest.mark.parametrize(
    ("selected", "scope", "versions", "blobs"),
    [
        ("model", "model", 2, 3),
        ("model/churn", "model/churn", 2, 3),
        ("model/churn:production", "model/churn:v0", 1, 2),
        ("dataset", "dataset", 1, 1),
    ],
)
def test_only_what_is_named_is_looked_at(filled, selected, scope, versions, blobs):
    done = filled(verify, selected)

    assert (done.scope, done.versions, done.checked) == (scope, versions, blobs)
    assert 0 < done.documents < filled(verify).documents


def test_what_is_not_there_to_be_named(filled):
    with pytest.raises(NotFound, match="no collection model/churm"):
        filled(verify, "model/churm")


@pytest.mark.parametrize("extent", [Extent(), SIZES])
def test_a_missing_blob_is_named_for_every_version_that_has_it(filled, extent):
    place = blob(filled, "same")
    place.unlink()

    done = filled(verify, None, extent)

    assert said(done) == [("model/churn:v1", "card.md", "missing"), ("model/churn:v0", "card.md", "missing")]
    assert {one.uri for one in done.problems} == {f"file://{place}"}
    assert not done.ok


@pytest.mark.parametrize("extent", [Extent(), SIZES])
def test_a_blob_of_another_size(filled, extent):
    blob(filled, "weights").write_text("weigh")

    assert said(filled(verify, None, extent)) == [("model/churn:v0", "model.bin", "size 5 instead of 7")]


def test_damage_that_keeps_the_size_is_found_by_reading_alone(filled):
    blob(filled, "weights").write_text("WEIGHTS")

    ((version, path, problem),) = said(filled(verify))
    assert (version, path) == ("model/churn:v0", "model.bin")
    assert problem == f"digest {Digest.of(b'WEIGHTS')} instead of {Digest.of(b'weights')}"

    done = filled(verify, None, SIZES)
    assert done.ok
    assert done.bytes == 0
    assert done.not_checked == ("the bytes of 4 blobs (--size-only)",)


@pytest.mark.parametrize("extent", [Extent(), SIZES])
def test_a_directory_where_a_blob_belongs(filled, extent):
    place = blob(filled, "rows")
    place.unlink()
    place.mkdir()

    ((version, _, problem),) = said(filled(verify, None, extent))
    assert version == "dataset/customers:v0"
    assert problem.startswith(("size ", "not reachable: "))


def into_itself(place):
    place.symlink_to(place.name)


@pytest.mark.parametrize("extent", [Extent(), SIZES])
@pytest.mark.parametrize(
    ("make", "problem"),
    [(os.mkfifo, "it is not a regular file"), (into_itself, "its symbolic links lead in a circle")],
)
def test_what_is_no_file_is_one_problem_and_the_others_are_read(filled, extent, make, problem):
    place = blob(filled, "rows")
    place.unlink()
    make(place)

    done = filled(verify, None, extent)

    assert said(done) == [("dataset/customers:v0", "model.bin", f"not reachable: {problem}")]
    assert (done.checked, done.bytes) == (4, 0 if extent is SIZES else len("weightsbettersame"))


def test_a_pipe_in_place_of_an_empty_blob_is_not_waited_for(desk):
    desk.link("")
    place = blob(desk, "")
    place.unlink()
    os.mkfifo(place)

    for extent in (Extent(), SIZES):
        assert said(desk(verify, None, extent)) == [
            ("model/churn:v0", "model.bin", "not reachable: it is not a regular file")
        ]


def test_unlinked_versions_are_left_out_and_counted(filled):
    filled(linking.unlink, ["model/churn:v1"])
    blob(filled, "better").unlink()

    done = filled(verify)
    assert done.ok
    assert done.not_checked == ("1 unlinked version (--unlinked looks at them too)",)

    done = filled(verify, None, Extent(unlinked=True))
    ((version, path, problem),) = said(done)
    assert (path, problem, done.versions, done.not_checked) == ("model.bin", "missing", 3, ())
    assert version.startswith("model/churn@")


# Documents and history


def test_an_alias_that_dangles_and_a_manifest_that_is_not_one(filled, git):
    (filled.path / "model/churn/aliases/production.yaml").write_text(f"format: 1\nversion: {'0' * 32}\n")
    (manifest,) = (filled.path / "dataset/customers/versions").iterdir()
    manifest.write_text("format: 1\n")
    git(filled.path, "commit", "-qam", "By hand")

    done = filled(verify)

    told = [str(one) for one in done.invalid]
    assert any(f"version: {'0' * 32} is not linked in model/churn" in one for one in told)
    assert any("dataset/customers/versions" in one and "missing" in one for one in told)
    assert any("was rewritten; it never changes" in one for one in told)
    assert done.not_checked == ("the blobs of dataset/customers:v0: its manifest can't be read",)
    assert done.problems == ()


def test_a_manifest_that_was_rewritten_and_put_back(filled, git):
    (manifest,) = (filled.path / "dataset/customers/versions").iterdir()
    text = manifest.read_text()
    commits = []
    for content in (text.replace("artifact: rows", "artifact: evil") + "# x\n", text):
        manifest.write_text(content)
        git(filled.path, "commit", "-qam", "By hand")
        commits.append(git(filled.path, "rev-parse", "--short=8", "HEAD"))

    for selected in (None, "dataset", "dataset/customers", "dataset/customers:v0"):
        done = filled(verify, selected)
        assert [one.where.partition(":")[0] for one in done.invalid] == commits
        assert all("was rewritten" in one.message for one in done.invalid)
    assert filled(verify, "model").ok


def test_a_manifest_moved_by_unlinking_and_back_is_not_rewritten(filled):
    filled(linking.unlink, ["model/churn:v1"])
    filled.link({"model.bin": "better", "card.md": "same"})

    assert filled(verify).ok


def lose(desk, git, revision):
    identifier = git(desk.path, "rev-parse", revision)
    (desk.path / ".git/objects" / identifier[:2] / identifier[2:]).unlink()
    return identifier


def test_an_object_that_only_history_needs_is_missing(filled, git):
    filled.promote("model/churn:v1", "production")
    lost = lose(filled, git, "HEAD~:model/churn/aliases/production.yaml")

    done = filled(verify)

    assert [one.message for one in done.invalid] == [f"object {lost} of the history is missing"]
    assert (done.checked, done.problems) == (4, ())
    assert filled(verify, "dataset").ok


@pytest.mark.parametrize("revision", ["HEAD:model/churn", "HEAD:model", "HEAD~2^{tree}", "HEAD~2"])
def test_what_rests_on_a_missing_object_is_said_not_to_be_checked(filled, git, revision):
    lost = lose(filled, git, revision)

    done = filled(verify)

    assert any(lost in str(one) for one in done.invalid)
    assert done.not_checked or done.checked == 4


def test_a_shallow_clone_is_deepened_as_it_needs_numbers(filled, upstream, clone, git):
    git(filled.path, "push", "-q")
    bob = clone("bob", "--depth=1")

    assert bob(verify).ok
    assert bob.said


def test_a_shallow_clone_that_may_not_be_deepened_names_versions_by_their_digits(
    filled, upstream, clone, git
):
    git(filled.path, "push", "-q")
    bob = clone("bob", "--depth=1")
    git(bob.path, "config", "registry.deepen", "false")
    blob(filled, "rows").unlink()

    done = bob(verify)

    ((version, _, problem),) = said(done)
    assert version.startswith("dataset/customers@")
    assert problem == "missing"
    assert done.not_checked == ("the history before this shallow clone begins",)
    assert done.invalid == ()


def test_a_partial_clone_lacks_what_it_has_not_fetched(filled, upstream, clone, git):
    filled.promote("model/churn:v1", "production")
    git(filled.path, "push", "-q")
    bob = clone("bob", "--filter=blob:none")

    done = bob(verify)

    assert done.ok
    assert done.not_checked == ("1 document of the past, which this partial clone has not fetched",)


# Weak references, and what may be read


@once
def elsewhere(tmp_path, desk):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.csv").write_text("a")
    (tmp_path / "raw/b.csv").write_text("b")
    allow(desk, f"file://{tmp_path}/raw")
    desk(linking.link_reference, f"file://{tmp_path}/raw", "dataset/raw", Request(type="dataset"))
    return tmp_path / "raw"


@pytest.mark.parametrize("extent", [Extent(), SIZES])
def test_data_elsewhere_is_looked_at_where_it_is(desk, elsewhere, extent):
    assert desk(verify, None, extent).ok
    (elsewhere / "a.csv").unlink()
    (elsewhere / "b.csv").write_text("bb")

    done = desk(verify, None, extent)

    assert said(done) == [
        ("dataset/raw:v0", "a.csv", "missing"),
        ("dataset/raw:v0", "b.csv", "size 2 instead of 1"),
    ]


def test_what_may_not_be_read_is_a_problem_unless_trusted(desk, elsewhere):
    change(desk, references=())

    done = desk(verify)
    assert [one[:2] for one in said(done)] == [("dataset/raw:v0", "a.csv"), ("dataset/raw:v0", "b.csv")]
    assert "not reachable: the organization allows no reading from there" in said(done)[0][2]

    assert desk.allowing(trusted=(f"file://{elsewhere}",))(verify).ok


def test_weak_references_are_compared_by_their_stores_word(desk, bucket):
    fs = fsspec.filesystem("s3", use_listings_cache=False)
    for name in ("a", "b", "c"):
        fs.pipe_file(f"{bucket}/raw/{name}", name.encode())
    allow(desk, bucket)
    desk(linking.link_reference, f"{bucket}/raw", "dataset/raw", Request(type="dataset"))

    done = desk(verify)
    assert done.ok
    assert [(one.path, one.problem) for one in done.weak] == [("a", "etag"), ("b", "etag"), ("c", "etag")]
    assert done.bytes == 0

    fs.pipe_file(f"{bucket}/raw/a", b"A")
    fs.rm(f"{bucket}/raw/b")
    for extent in (Extent(), SIZES):
        done = desk(verify, None, extent)
        assert [one.path for one in done.weak] == ["c"]
        assert [one[1] for one in said(done)] == ["a", "b"]
        assert said(done)[0][2].startswith("digest etag:")
        assert said(done)[1][2] == "missing"


def test_a_store_that_is_out_of_reach_is_said_once_and_every_file_named(filled, monkeypatch):
    store = filled.path.parent / "store"
    store.rename(store.with_name("gone"))
    store.write_text("a file")

    done = filled(verify)

    assert not done.ok
    assert len([one for one in done.problems if one.path]) == 5


def test_a_list_kept_in_the_store(desk):
    desk.link({f"{n:03}": str(n) for n in range(150)})
    assert desk(verify).checked == 150
    with desk.open() as catalog:
        (path,) = catalog.now().versions("model/churn").values()
        listed = catalog.now().manifest(path).file_list
    place = Path(listed.uri.removeprefix("file://"))
    place.chmod(0o644)
    place.write_text("{}")

    done = desk(verify)

    ((version, path, problem),) = said(done)
    assert (version, path) == ("model/churn:v0", "")
    assert "its file list: it is damaged" in problem
    assert done.checked == 0


def test_a_list_that_is_not_what_its_manifest_says_of_it(desk, bucket, git):
    fs = fsspec.filesystem("s3", use_listings_cache=False)
    fs.pipe({f"{bucket}/raw/{number:03}": b"x" for number in range(101)})
    allow(desk, bucket)
    desk(linking.link_reference, f"{bucket}/raw", "dataset/raw", Request(type="dataset"))
    (manifest,) = (desk.path / "dataset/raw/versions").iterdir()
    text = manifest.read_text()
    assert "count: 101}" in text
    assert desk(verify, None, SIZES).ok
    manifest.write_text(text.replace("count: 101}", "count: 101, content: sha256}"))
    git(desk.path, "commit", "-qam", "Claim", "--amend")

    ((version, path, problem),) = said(desk(verify, None, SIZES))

    assert (version, path) == ("dataset/raw:v0", "")
    assert "says that every file is known by its sha256; 101 known otherwise, such as '000'" in problem


# Executors, and going on where it stopped


class Counting(Executor):
    """Does the work at once, and knows what was done."""

    def __init__(self):
        self.done = []

    def submit(self, do, /, *args, **kwargs):
        with ThreadPoolExecutor(1) as one:
            answer = one.submit(do, *args, **kwargs)
        self.done += answer.result()
        return answer


class Impatient:
    """Somebody who presses Ctrl-C as soon as something was verified."""

    def start(self, total_bytes, files):
        pass

    def advance(self, count):
        raise KeyboardInterrupt


def test_other_processes_do_the_work(filled):
    blob(filled, "weights").write_text("WEIGHTS")

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        done = filled(verify, executor=pool)
        sizes = filled(verify, None, SIZES, executor=pool)

    assert done == filled(verify)
    assert sizes == filled(verify, None, SIZES)
    assert len(done.problems) == 1


def test_a_shared_blob_is_read_once(filled):
    counting = Counting()

    filled(verify, executor=counting)

    assert len(counting.done) == len({one.claim.digest for one in counting.done}) == 4


@pytest.fixture
def stopped(filled):
    """A run that was interrupted after one blob."""
    with pytest.raises(KeyboardInterrupt):
        filled(verify, executor=Counting(), progress=Impatient())
    (memory,) = memories(filled)
    ((digest, uri, size, _),) = [json.loads(line) for line in memory.read_text().split("\n") if line]
    return filled, Claim(digest=Digest.parse(digest), uri=uri, size=size, seen=size)


def test_an_interrupted_run_goes_on_where_it_stopped(stopped):
    desk, before = stopped
    again = Counting()

    done = desk(verify, executor=again)

    assert (done.ok, done.checked, done.resumed, len(again.done)) == (True, 4, 1, 3)
    assert before not in {one.claim for one in again.done}
    assert "after 1 blob (--restart begins anew)" in desk.said[-1]
    assert memories(desk) == []
    assert desk(verify).resumed == 0


def test_or_begins_anew_if_asked_to_or_if_that_was_long_ago(stopped):
    desk, _ = stopped
    (memory,) = memories(desk)
    kept = memory.read_text()
    assert desk(verify, None, Extent(restart=True)).resumed == 0

    memory.write_text(kept)
    now = desk.clock()
    desk.clock = lambda: now + timedelta(days=8)
    assert desk(verify).resumed == 0


def test_a_line_torn_by_a_kill_is_no_line(stopped):
    desk, _ = stopped
    (memory,) = memories(desk)
    memory.write_text(memory.read_text()[:-9])

    assert desk(verify).resumed == 0


@pytest.mark.parametrize(
    "line",
    [
        '[["a"],"b",1,"2026-01-01T12:00:00+00:00"]',
        '["a",{},1,"2026-01-01T12:00:00+00:00"]',
        '["a","b","1","2026-01-01T12:00:00+00:00"]',
        '["a","b",1,12]',
        '["a","b",1,"2026-01-01T12:00:00"]',
        '["a","b",1,"0001-01-01T00:00:00+23:59"]',
        '["a","b",1,"9999-12-31T23:59:59-23:59"]',
        "[" * 200_000,
        "null",
        "\xff",
    ],
    ids=lambda line: line[:20],
)
def test_a_bad_line_is_no_line(stopped, line):
    desk, _ = stopped
    (memory,) = memories(desk)
    memory.write_text(f"{line}\n{memory.read_text()}{line}\n", encoding="latin-1")

    assert desk(verify).resumed == 1


def test_what_was_verified_in_the_future_was_not(stopped):
    desk, _ = stopped
    (memory,) = memories(desk)
    memory.write_text(memory.read_text().replace("2026-", "2099-"))

    assert desk(verify).resumed == 0


@pytest.mark.parametrize("extent", [Extent(), Extent(restart=True)])
def test_a_pipe_where_it_remembers_is_not_waited_for(stopped, extent):
    desk, _ = stopped
    (memory,) = memories(desk)
    memory.unlink()
    os.mkfifo(memory)

    assert (desk(verify, None, extent).resumed, memories(desk)) == (0, [])


def test_ctrl_c_ends_the_threads_and_keeps_what_was_verified(filled):
    with pytest.raises(KeyboardInterrupt):
        filled(verify, progress=Impatient())

    assert filled(verify).ok


def test_other_scopes_and_sizes_alone_remember_nothing_of_it(stopped):
    desk, _ = stopped

    assert desk(verify, "model").resumed == 0
    assert desk(verify, None, SIZES).resumed == 0
    assert len(memories(desk)) == 1


def test_what_is_gone_since_is_no_longer_verified(stopped):
    desk, before = stopped
    Path(before.uri.removeprefix("file://")).unlink()

    done = desk(verify)

    assert {one.problem for one in done.problems} == {"missing"}
    assert done.resumed == 0


def test_where_nothing_can_be_written_nothing_is_remembered(filled):
    (filled.path / ".git/registry").mkdir(exist_ok=True)
    (filled.path / ".git/registry/verify").write_text("in the way")

    assert filled(verify).ok
