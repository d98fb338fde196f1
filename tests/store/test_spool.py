"""A store that is out of reach: blobs wait under the URI they will have, and leave when it holds them."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import uuid

import pytest
from tests.repeating import times

from git_registry.errors import StoreError
from git_registry.model.digest import Digest
from git_registry.store.blobs import Store
from git_registry.store.download import download
from git_registry.store.sources import collect
from git_registry.store.spool import Emptied, Spool, Spooled, empty, lost
from git_registry.store.waiting import Waiting

from .conftest import read, wanted
from .test_kill import assert_every_blob_is_whole, killed_after

FAR = "s3://nobody-is-there/blobs"
"""Never asked: there is no such endpoint."""


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def spool(directory):
    return Spool(FAR, directory)


@pytest.fixture
def far():
    return Store(f"memory://{uuid.uuid4().hex}")


def test_what_is_put_is_known_by_the_uri_it_will_have(spool, tree):
    stored = spool.upload(collect(tree))

    assert [one.uri for one in stored] == [Store(FAR).uri_of(one.digest) for one in stored]
    assert all(one.uri.startswith(FAR) for one in stored)
    assert spool.missing(one.digest for one in stored) == frozenset()
    assert spool.sizes(one.digest for one in stored) == {one.digest: one.size for one in stored}


def test_it_is_read_from_here_by_whoever_works_here(spool, directory, tree, tmp_path):
    stored = spool.upload(collect(tree))
    listed = spool.put_bytes(b"a list")

    assert spool.read(listed.digest, uri=listed.uri) == b"a list"
    download([wanted(one) for one in stored], tmp_path / "there", store=Spooled(FAR, directory))
    assert read(tmp_path / "there") == read(tree)


def test_nothing_waits_before_something_is_put(directory):
    waiting = Waiting(directory)

    assert waiting.is_empty()
    assert waiting.blobs() == {}
    assert not waiting.holds(Digest.of(b"x"))
    assert empty(waiting, Store(FAR)) == Emptied()


def test_who_wants_to_know_is_told_before_blobs_wait(directory):
    told = []
    spool = Spool(FAR, directory, begin=lambda: told.append(Waiting(directory).is_empty()))

    spool.put_bytes(b"one")
    spool.put_bytes(b"two")
    assert told == [True, False]

    spool.waiting.remove(spool.waiting.blobs())
    spool.put_bytes(b"three")
    assert told == [True, False, True]


def test_emptying_it_uploads_everything(spool, far, tree):
    stored = spool.upload(collect(tree))
    size = sum(one.size for one in stored)

    assert empty(spool.waiting, far) == Emptied(blobs=len(stored), size=size)

    assert far.missing(one.digest for one in stored) == frozenset()
    assert spool.waiting.is_empty()
    assert empty(spool.waiting, far) == Emptied()


def test_what_the_store_holds_is_not_sent_again(spool, far):
    far.put_bytes(b"known")
    spool.put_bytes(b"known")
    spool.put_bytes(b"new")

    assert empty(spool.waiting, far) == Emptied(blobs=1, size=3)
    assert spool.waiting.is_empty()


def test_a_damaged_blob_is_told_and_nothing_leaves(spool, far):
    kept = spool.put_bytes(b"whole")
    broken = spool.waiting.place(spool.put_bytes(b"right").digest)
    broken.chmod(0o644)
    broken.write_bytes(b"wrong")

    with pytest.raises(StoreError, match="it is damaged: expected sha256:") as caught:
        empty(spool.waiting, far)

    assert caught.value.where == str(broken)
    assert spool.waiting.holds(kept.digest)
    assert "is not published before that" in caught.value.hint
    broken.unlink()
    empty(spool.waiting, far)
    assert lost(spool.waiting, far) == {Digest.of(b"right")}
    spool.put_bytes(b"right")
    empty(spool.waiting, far)
    assert spool.waiting.is_empty()


def test_a_blob_that_is_removed_is_missed_until_the_store_holds_it(spool, far):
    first, second = (spool.put_bytes(data).digest for data in (b"first", b"second"))
    shutil.rmtree(spool.waiting.directory)

    assert not spool.waiting.is_empty()
    assert spool.waiting.due() == {first, second}
    assert not spool.waiting.holds(first)
    assert lost(spool.waiting, far) == {first, second}
    assert empty(spool.waiting, far) == Emptied()

    far.put_bytes(b"first")
    assert lost(spool.waiting, far) == {second}
    assert spool.waiting.due() == {second}
    Spooled(far.uri, spool.waiting.directory).put_bytes(b"second")
    assert spool.waiting.is_empty()


def test_where_nothing_is_gone_the_store_is_not_asked(spool):
    spool.put_bytes(b"here")

    assert lost(spool.waiting, Store(FAR)) == frozenset()


class Meanwhile(Store):
    """A store beside which somebody does something while it is asked what it holds."""

    def __init__(self, uri, act):
        super().__init__(uri)
        self._act = act

    def sizes(self, digests):
        self._act()
        return super().sizes(digests)


def test_what_comes_meanwhile_waits_for_the_next_time(spool, far):
    spool.put_bytes(b"first")
    late = Digest.of(b"late")

    empty(spool.waiting, Meanwhile(far.uri, lambda: spool.put_bytes(b"late")))

    assert list(spool.waiting.blobs()) == [late]
    assert far.missing([late]) == {late}
    empty(spool.waiting, far)
    assert far.read(late) == b"late"


class Torn(Waiting):
    """A spool that is filled while it is looked at: one look finds a list, and no file it names."""

    def __init__(self, spool, look):
        super().__init__(spool.waiting.directory)
        self._spool, self._look = spool, look
        self.file, self.list = Digest.of(b"a file"), Digest.of(b"its list")

    def blobs(self):
        found = super().blobs()
        self._look -= 1
        if self._look == 0:
            self._spool.put_bytes(b"a file")
            self._spool.put_bytes(b"its list")
            found[self.list] = len(b"its list")
        return found


@pytest.mark.parametrize("look", [1, 2])
def test_a_list_waits_as_long_as_one_of_its_files(spool, far, look):
    spool.put_bytes(b"something")
    torn = Torn(spool, look)

    empty(torn, far)

    assert torn.holds(torn.list) or not far.missing([torn.file])
    empty(spool.waiting, far)
    assert spool.waiting.is_empty()
    assert not far.missing([torn.file, torn.list])


def test_what_is_put_into_the_store_waits_no_longer(spool, far, directory, tree):
    stored = spool.upload(collect(tree))
    its_list = spool.put_bytes(b"a list")
    other = spool.put_bytes(b"something else")

    online = Spooled(far.uri, directory)
    online.upload(collect(tree))
    online.put_bytes(b"a list")

    assert list(spool.waiting.blobs()) == [other.digest]
    assert far.missing([its_list.digest, *(one.digest for one in stored)]) == frozenset()


class Overtaken(Store):
    """A store into which somebody puts a blob just before it is uploaded."""

    def __init__(self, uri, act):
        super().__init__(uri)
        self._act = act

    def upload(self, sources, **options):
        self._act()
        return super().upload(sources, **options)


def test_a_blob_that_leaves_while_it_is_uploaded_is_in_the_store(spool, far, directory):
    spool.put_bytes(b"same")
    spool.put_bytes(b"other")
    online = Spooled(far.uri, directory)

    done = empty(spool.waiting, Overtaken(far.uri, lambda: online.put_bytes(b"same")))

    assert done == Emptied(blobs=1, size=5)
    assert spool.waiting.is_empty()
    assert far.missing([Digest.of(b"same"), Digest.of(b"other")]) == frozenset()


class Restless(Waiting):
    """A spool into which something is put whenever somebody looks."""

    def blobs(self):
        Spool(FAR, self.directory).put_bytes(uuid.uuid4().bytes)
        return super().blobs()


def test_a_spool_from_which_something_goes_away_each_time_is_given_up(spool, far):
    kept = spool.put_bytes(b"kept").digest

    def go_away():
        spool.waiting.remove(spool.waiting.blobs().keys() - {kept})

    with pytest.raises(StoreError, match="went away while they were uploaded"):
        empty(Restless(spool.waiting.directory), Overtaken(far.uri, go_away))
    assert spool.waiting.holds(kept)


def test_what_nobody_put_there_is_no_blob(spool):
    kept = spool.put_bytes(b"x")
    (spool.waiting.place(kept.digest).parent / ".DS_Store").write_bytes(b"")
    (spool.waiting.directory / "sha256" / "README").write_bytes(b"")

    assert list(spool.waiting.blobs()) == [kept.digest]


def test_a_store_that_is_not_there_leaves_everything_waiting(spool, s3_environment):
    kept = spool.put_bytes(b"x")
    nowhere = {"endpoint_url": "http://127.0.0.1:1", "config_kwargs": {"retries": {"max_attempts": 0}}}

    with pytest.raises(StoreError, match="it could not be reached"):
        empty(spool.waiting, Store(FAR, options=nowhere))

    assert spool.waiting.holds(kept.digest)


SPOOL = """
import sys, pathlib
from git_registry.store.spool import Spool
from git_registry.store.sources import collect
sources = collect(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
Spool("s3://far/blobs", pathlib.Path(sys.argv[2])).upload(sources)
"""

EMPTY = """
import sys, pathlib
from git_registry.store.blobs import Store
from git_registry.store.spool import empty
from git_registry.store.waiting import Waiting
print("ready", flush=True)
empty(Waiting(pathlib.Path(sys.argv[1])), Store(sys.argv[2]))
"""


@pytest.fixture
def many(tmp_path):
    root = tmp_path / "many"
    root.mkdir()
    chance = random.Random(1)
    for number in range(200):
        (root / f"{number}").write_bytes(chance.randbytes(50_000))
    return root


@pytest.mark.parametrize("moment", [random.Random(n).uniform(0, 0.15) for n in range(times(2, 4))])
def test_killed_while_it_is_filled(many, directory, moment):
    killed_after(moment, SPOOL, many, directory)

    assert_every_blob_is_whole(directory)
    stored = Spool(FAR, directory).upload(collect(many))
    assert len(Waiting(directory).blobs()) == len(stored) == 200


@pytest.mark.parametrize("moment", [random.Random(n).uniform(0, 0.4) for n in range(times(2, 4))])
def test_killed_while_it_is_emptied(many, directory, bucket, moment):
    stored = Spool(FAR, directory).upload(collect(many))
    far = Store(f"{bucket}/blobs")

    killed_after(moment, EMPTY, directory, far.uri)

    waiting = Waiting(directory)
    gone = {one.digest for one in stored} - waiting.blobs().keys()
    assert far.missing(gone) == frozenset()
    empty(waiting, far)
    assert waiting.is_empty()
    assert far.missing(one.digest for one in stored) == frozenset()


def test_a_full_disk_is_told(tmp_path, directory):
    large = tmp_path / "large"
    large.write_bytes(b"x" * 300_000)
    resource_limit = (100_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, resource_limit)

    done = subprocess.run(
        [sys.executable, "-c", SPOOL, large, directory], preexec_fn=limited, capture_output=True, text=True
    )

    assert done.returncode != 0
    assert "StoreError" in done.stderr
    assert Waiting(directory).is_empty()
    assert not list((directory / "tmp").iterdir())
