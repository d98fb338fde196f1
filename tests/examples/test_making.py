"""Pages on making versions: of files, directories, references, other versions, and by several processes."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest


@pytest.fixture
def pictures(here):
    here.holds(pictures__cat_txt="cat", pictures__dog_txt="dog")
    return here


@contextmanager
def serving(directory):
    """Serve a directory over HTTP, and return its URL."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def contents(machine, selector):
    """Return the text of each file of a version, as somebody else reads it."""
    read = {}
    for file in machine.asks("resolve", selector)["files"]:
        read[file["path"]] = Path(file["uri"].removeprefix("file://")).read_text()
    return read


def jobs(machine, project):
    """Return the runs of a project by what they do."""
    return {one["job_type"]: one for one in machine.asks("list", f"projects/{project}/runs")}


def test_what_a_run_makes_another_uses(here, elsewhere):
    here.holds(scenes_csv="street,1\n")

    here.runs("lineage_made")
    assert here.runs("lineage_used") == ["scenes:v0"]

    there = elsewhere()
    known = jobs(there, "detector")
    scenes = there.asks("show", "projects/detector/scenes:v0")
    assert [one["version"] for one in known["collect"]["outputs"]] == [scenes["id"]]
    assert [one["version"] for one in known["evaluate"]["inputs"]] == [scenes["id"]]
    assert contents(there, "projects/detector/scenes:v0") == {"raw/scenes.csv": "street,1\n"}


def test_create_log_use_and_download(here, elsewhere):
    here.holds(digits_csv="1,2,3")

    assert here.runs("walkthrough") == ["1,2,3 v0"]

    known = jobs(elsewhere(), "first-artifacts")
    assert {one["state"] for one in known.values()} == {"finished"}
    assert [one["path"] for one in known["add-dataset"]["outputs"]] == ["projects/first-artifacts/digits:v0"]


def test_an_artifact_saves_itself_into_the_run(here, elsewhere):
    here.holds(digits_csv="1,2,3")

    assert here.runs("walkthrough_saved") == ["COMMITTED digits:v0 first-artifacts"]

    there = elsewhere()
    assert there.asks("show", "projects/first-artifacts/digits:v0")["metadata"] == {"rows": 1}
    assert list(jobs(there, "first-artifacts")) == ["add-dataset"]


def test_an_artifact_of_everything(pictures, elsewhere, tmp_path):
    (tmp_path / "mount").mkdir()
    (tmp_path / "mount" / "far.txt").write_text("far")

    assert pictures.runs("construct", f"file://{tmp_path}/mount/far.txt") == ["all/dog.txt"]

    there = elsewhere()
    read = contents(there, "projects/building/everything:v0")
    temporary = [path for path in read if path.endswith(".txt") and "/" not in path]
    assert len(temporary) == 4  # by their own names, of which one is made of a digest, and the reference
    assert {path: text for path, text in read.items() if "/" in path} == {
        "all/cat.txt": "cat",
        "all/dog.txt": "dog",
        "by/hand/cat.txt": "cat",
        "made/here.txt": "new",
    }
    assert (read["cat.txt"], read["dog.txt"], read["elsewhere.txt"]) == ("cat", "dog", "far")
    [place] = [
        one["uri"]
        for one in there.asks("resolve", "projects/building/everything")["files"]
        if one["path"] == "elsewhere.txt"
    ]
    assert place == f"file://{tmp_path}/mount/far.txt"


def test_several_processes_make_one_version(here, machine, elsewhere):
    other = machine("other")
    here.runs("shared_part", "0")
    other.runs("shared_part", "1")

    here.runs("shared_whole")

    there = elsewhere()
    assert contents(there, "projects/building/shards:v0") == {"0.txt": "part 0", "1.txt": "part 1"}
    assert len(there.asks("list", "projects/building/runs")) == 3


def test_a_version_is_revised_in_a_run(pictures, elsewhere):
    pictures.runs("first_version")
    pictures.runs("new_version_in_a_run")

    there = elsewhere()
    assert there.versions("projects/building/album") == {"v0": [], "v1": []}
    assert contents(there, "projects/building/album:v1") == {
        "copies/cat.txt": "cat",
        "copies/dog.txt": "dog",
        "dog.txt": "dog",
        "readme.txt": "second",
    }
    assert len(contents(there, "projects/building/album:v0")) == 3


def test_a_version_is_revised_outside_a_run(pictures, elsewhere):
    pictures.runs("first_version")

    assert pictures.runs("new_version_outside") == ["album:v1 building"]

    there = elsewhere()
    assert contents(there, "projects/building/album:v1")["readme.txt"] == "second"
    assert set(jobs(there, "building")) == {"build", "auto"}


def test_a_version_adds_to_the_latest(pictures, elsewhere):
    pictures.runs("first_version")
    pictures.runs("add_to_latest")

    there = elsewhere()
    assert set(contents(there, "projects/building/album:v1")) == {
        *("cat.txt", "old/cat.txt", "readme.txt", "dog.txt")
    }


def test_downloads_in_whole_and_in_part(pictures, machine):
    pictures.runs("first_version")
    there = machine("there")

    assert there.runs("download_parts") == [
        "['cat.txt', 'cat.txt', 'readme.txt']",
        "first",
        "cat",
        "['old/cat.txt']",
        "True ['cat.txt', 'old/cat.txt', 'readme.txt']",
        "no such file",
        "not one file",
        "outside outside",
        "no model",
    ]
    assert sorted(path.name for path in there.work.joinpath("outside").iterdir()) == [
        *("cat.txt", "old", "readme.txt")
    ]
    assert there.work.joinpath("artifacts/album:v0/old/cat.txt").read_text() == "cat"
    [look] = there.asks("list", "projects/viewing/runs")
    assert len({one["version"] for one in look["inputs"]}) == 1


def test_the_command_gets_what_scripts_made(pictures, machine):
    pictures.runs("first_version")

    there = machine("there")
    there.asks("download", "projects/building/album:v0", str(there.work / "got"))

    assert there.work.joinpath("got/old/cat.txt").read_text() == "cat"


def test_what_nobody_logged_is_logged_when_it_is_used(pictures, elsewhere):
    assert pictures.runs("use_what_is_made") == ["reference:v0"]

    [look] = elsewhere().asks("list", "projects/viewing/runs")
    assert [one["version"] for one in look["inputs"]] == [one["version"] for one in look["outputs"]]


def test_files_are_tracked_where_they_lie(here, elsewhere, tmp_path):
    mount = tmp_path / "mount"
    (mount / "train").mkdir(parents=True)
    (mount / "train" / "a.txt").write_text("aa")
    (mount / "train" / "b.txt").write_text("bbb")

    assert here.runs("track_files", f"file://{mount}/") == [
        f"train/a.txt file://{mount}/train/a.txt 2",
        f"train/b.txt file://{mount}/train/b.txt 3",
        f"file://{mount}/train/b.txt",
        "aa",
    ]

    blobs = [one.read_text() for one in tmp_path.joinpath("store/sha256").rglob("*") if one.is_file()]
    assert not {"aa", "bbb"} & set(blobs)
    known = elsewhere().asks("resolve", "projects/outside/tracked:v0")
    assert [one["uri"] for one in known["files"]] == [f"file://{mount}/train/{one}.txt" for one in "ab"]


class TestOnS3:
    """The same over a real S3 server."""

    @pytest.fixture
    def allowed(self, bucket):
        return [bucket]

    @pytest.fixture
    def objects(self, bucket):
        import s3fs

        s3 = s3fs.S3FileSystem()
        s3.pipe({f"{bucket}/data/train/a.txt": b"aa", f"{bucket}/data/train/b.txt": b"bbb"})
        return {one: s3.info(f"{bucket}/data/train/{one}.txt")["ETag"].strip('"') for one in "ab"}

    def test_objects_are_tracked_where_they_lie(self, here, bucket, objects):
        assert here.runs("track_files", f"{bucket}/data") == [
            f"train/a.txt {bucket}/data/train/a.txt 2",
            f"train/b.txt {bucket}/data/train/b.txt 3",
            f"{bucket}/data/train/b.txt",
            "aa",
        ]

    def test_one_object_is_known_by_its_etag(self, here, elsewhere, bucket, objects):
        uri = f"{bucket}/data/train/a.txt"

        assert here.runs("track_one_object", uri) == [
            f"weights.txt {objects['a']} etag:{objects['a']}",
            "aa",
            "too many",
        ]

        [file] = elsewhere().asks("resolve", "projects/outside/tracked-model:v0")["files"]
        assert file == {"path": "weights.txt", "size": 2, "digest": f"etag:{objects['a']}", "uri": uri}


class TestOverHttp:
    """A page of some web server is a part of a version."""

    @pytest.fixture
    def site(self, tmp_path):
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "far.txt").write_text("far")
        with serving(tmp_path / "site") as url:
            yield url

    @pytest.fixture
    def allowed(self, site):
        return [site]

    def test_a_page_is_tracked_where_it_lies(self, pictures, elsewhere, site):
        pictures.runs("construct", f"{site}/far.txt")

        files = elsewhere().asks("resolve", "projects/building/everything:v0")["files"]
        assert [(one["size"], one["uri"]) for one in files if one["path"] == "elsewhere.txt"] == [
            (3, f"{site}/far.txt")
        ]
