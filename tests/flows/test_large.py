"""Many files, and a large one: within 200 MB of memory, known by the digest coreutils gives them."""

import shutil
import subprocess

import pytest
from tests.sdk.test_linking import sha256sum

from git_registry.sdk.checking import check
from git_registry.sdk.resolving import resolve

from .workers import finished, start

# What getrusage says would count what the process that started this one held.
PEAK = """
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
"""
LINK = f"""{PEAK}
with catalog(sys.argv[1]) as here:
    linking.link_files(here, Path(sys.argv[2]), "dataset/large", Request(aliases=["now"]))
print(peak())
"""
DOWNLOAD = f"""{PEAK}
with catalog(sys.argv[1]) as here:
    download(here, "dataset/large:now", Wish(target=Path(sys.argv[2])))
print(peak())
"""
MEGABYTES = 200


@pytest.mark.slow
@pytest.mark.parametrize("through", ["files", "sparse"])
def test_memory_stays_small_and_the_digest_is_coreutils(desk, tmp_path, through):
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    if through == "files":
        for number in range(10_000):
            place = source / f"{number % 100:02}" / f"{number}.txt"
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"{number}\n")
    else:
        if shutil.disk_usage(tmp_path).free < 10 << 30:
            pytest.skip("two copies of 2 GB need more room on the disk than there is")
        with (source / "large.bin").open("wb") as file:
            file.truncate(2 << 30)

    up = int(finished([start(LINK, desk.path, source, cwd=tmp_path)])[0])
    down = int(finished([start(DOWNLOAD, desk.path, out, cwd=tmp_path)])[0])

    manifest = desk(resolve, "dataset/large:now").manifest
    assert max(up, down) < MEGABYTES
    assert str(manifest.digest) == sha256sum(source)
    if through == "files":
        assert subprocess.run(["diff", "-r", source, out]).returncode == 0
        assert (manifest.files, manifest.file_list.count) == (None, 10_000)
        document = desk.path / f"dataset/large/versions/{manifest.id}.yaml"
        assert document.stat().st_size < 1000
    else:
        assert (out / "large.bin").stat().st_size == 2 << 30
    assert desk(check) == []
