from hypothesis import given
from hypothesis import strategies as st

from git_registry.integrations.files import Files
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry


def entries(paths):
    return [FileEntry(path=path, digest=Digest.of(path.encode()), uri=f"s3://b/{path}") for path in paths]


def naive(paths, directory):
    """What is directly in a directory: what anybody would write who may look at every path."""
    begin = f"{directory}/" if directory else ""
    names = {path[len(begin) :].split("/")[0] for path in paths if path.startswith(begin)}
    return sorted(begin + name for name in names)


PARTS = st.sampled_from(["a", "b", "a.b", "a-", "a0", "é", "\U0001f600", "\uffee", "a b"])
PATHS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map("/".join), unique=True, max_size=30)


def without_conflicts(paths):
    """Drop what is a file and a directory: no file list says that."""
    return [path for path in paths if not any(other.startswith(f"{path}/") for other in paths)]


@given(PATHS.map(without_conflicts))
def test_every_directory_holds_what_the_paths_say(paths):
    files = Files(entries(paths))
    directories = {"", *(path[:at] for path in paths for at, c in enumerate(path) if c == "/")}

    for directory in directories:
        found = [one if isinstance(one, str) else one.path for one in files.within(directory)]
        assert sorted(found) == naive(paths, directory)
        assert files.is_directory(directory)
        assert files.file(directory) is None


@given(PATHS.map(without_conflicts))
def test_a_file_is_found_by_its_path_and_is_no_directory(paths):
    files = Files(entries(paths))

    assert [one.path for one in files] == sorted(paths)
    assert len(files) == len(paths)
    for path in paths:
        assert files.file(path).path == path
        assert not files.is_directory(path)


def test_what_is_not_there_is_neither_file_nor_directory():
    files = Files(entries(["part-0/x", "part-00"]))

    assert files.file("part-0") is None
    assert files.file("part-0/") is None
    assert not files.is_directory("part")
    assert list(files.within("part")) == []


def test_a_version_without_files_is_a_directory_still():
    assert Files([]).is_directory("")
    assert list(Files([]).within("")) == []


def test_listing_a_directory_looks_at_few_of_two_hundred_thousand_files():
    looked_at = []

    class Counted(FileEntry):
        __slots__ = ()

        def __getattribute__(self, name):
            if name == "path":
                looked_at.append(1)
            return super().__getattribute__(name)

    digest = Digest.of(b"")
    files = Files(
        Counted(path=f"day={day:03}/part-{part:04}", digest=digest, uri="s3://b/x")
        for day in range(200)
        for part in range(1_000)
    )
    looked_at.clear()

    assert len(list(files.within(""))) == 200
    assert len(looked_at) < 200 * 30
